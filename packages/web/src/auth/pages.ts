/** Signing in, loaded when it is opened. */
export { SignInPage } from './SignInPage.tsx';
