export { cmdbMappingSchema, readCmdb, type CmdbMapping } from './asset/cmdb.ts';
export { nmapInventoryReader } from './asset/nmap.ts';
export { inventorySchema, readInventory } from './asset/own.ts';
export {
  diffInventory,
  isUnchanged,
  listenerText,
  mergeRecord,
  type InventoryDiff,
  type InventoryView,
} from './diff.ts';
export { distroOf, needsDistro } from './distro.ts';
export {
  identitiesOf,
  keyOrNull,
  keyRevisions,
  orderOfType,
  packageOf,
  packageOfOsv,
  versionOf,
  type ComponentIdentity,
  type PackageIdentity,
} from './identity.ts';
export { collectedSchema, readCollected, type Collected } from './listing/collected.ts';
export { listenerCommands } from './listing/listeners.ts';
export { listingCommands, readListing } from './listing/packages.ts';
export { formatPurl, parsePurl, type Purl } from './purl.ts';
export { cycloneDxXmlReader, readCycloneDxJson } from './sbom/cyclonedx.ts';
export { readSpdxJson, readSpdxTagValue } from './sbom/spdx.ts';
export { readSpdx3 } from './sbom/spdx3.ts';
export { sniffFormat } from './sniff.ts';
export {
  assetRecord,
  cpeIdentity,
  cpeProduct,
  inventoryFormats,
  moduleRecord,
  serviceRecord,
  type AssetRecord,
  type ComponentRecord,
  type Grade,
  type InventoryFormat,
  type InventorySnapshot,
  type ListenerRecord,
  type ModuleRecord,
  type ServiceRecord,
} from './snapshot.ts';
export { formatVers, parseVers, versContains, type Vers } from './vers.ts';
export { compareKeys, compareVersions, ecosystems, versionKey, type Ecosystem } from './version/ecosystem.ts';
