/** Signing in and one's own keys, loaded when they are opened. */
export { AccountPage } from './AccountPage.tsx';
export { SignInPage } from './SignInPage.tsx';
