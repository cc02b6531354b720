/** The inventory: services, assets, what has lost its support. */
export { AssetPage } from './AssetPage.tsx';
export { AssetsPage } from './AssetsPage.tsx';
export { EndOfLifePage } from './EndOfLifePage.tsx';
export { ServicesPage } from './ServicesPage.tsx';
