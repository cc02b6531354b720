/** What a product of a CSAF document is: its branches, relationships and helpers resolved to packages with their versions. */
import { z } from 'zod';
import { cpeProduct, distroOf, packageOf, parsePurl, versionOf, type PackageIdentity } from '#inventory';

const text = z.string().max(8192);
const helper = z.object({ purl: text.optional(), purls: z.array(text).optional(), cpe: text.optional() });
const fullProduct = z.object({ product_id: text, name: text, product_identification_helper: helper.optional() });
type FullProduct = z.infer<typeof fullProduct>;

interface Branch {
  category: string;
  name: string;
  product?: FullProduct | undefined;
  branches?: Branch[] | undefined;
}
const branch: z.ZodType<Branch> = z.lazy(() =>
  z.object({ category: text, name: text, product: fullProduct.optional(), branches: z.array(branch).optional() }),
);

export const productTree = z.object({
  branches: z.array(branch).optional(),
  full_product_names: z.array(fullProduct).optional(),
  product_groups: z.array(z.object({ group_id: text, product_ids: z.array(text) })).optional(),
  relationships: z
    .array(
      z.object({
        category: text,
        full_product_name: fullProduct,
        product_reference: text,
        relates_to_product_reference: text,
      }),
    )
    .optional(),
});
type ProductTree = z.infer<typeof productTree>;

/** A product as it can be matched. Without packages it has only a name. */
export interface ResolvedProduct {
  readonly name: string;
  readonly packages: readonly { readonly package: PackageIdentity; readonly version: string | null }[];
  readonly purl: string | null;
  readonly cpe: string | null;
  /** A range in `vers` form, or what else stands where a range should be. */
  readonly range: string | null;
  /** Version that its branch states, for products whose helper has none. */
  readonly version: string | null;
  /** Release of the distribution that it is, or stands on. */
  readonly distro: string | null;
}

/** Every product of a document by its id. */
export function resolveProducts(tree: ProductTree | undefined): Map<string, ResolvedProduct> {
  const products = new Map<string, ResolvedProduct>();
  const add = (product: FullProduct, context: BranchContext): void => {
    products.set(product.product_id, resolve(product, context));
  };
  const pending: { branch: Branch; context: BranchContext }[] = (tree?.branches ?? []).map((one) => ({
    branch: one,
    context: noContext,
  }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { branch: one, context } = next;
    const inner = within(context, one);
    if (one.product !== undefined) add(one.product, inner);
    for (const below of one.branches ?? []) pending.push({ branch: below, context: inner });
  }
  for (const product of tree?.full_product_names ?? []) add(product, noContext);
  relate(tree?.relationships ?? [], products);
  return products;
}

/** A component on a platform: the component's packages in the platform's release. References may be given in any order. */
function relate(
  relationships: NonNullable<ProductTree['relationships']>,
  products: Map<string, ResolvedProduct>,
): void {
  let pending = relationships;
  while (pending.length > 0) {
    const later: typeof pending = [];
    for (const one of pending) {
      const component = products.get(one.product_reference);
      const platform = products.get(one.relates_to_product_reference);
      if (component === undefined || platform === undefined) {
        later.push(one);
        continue;
      }
      const own = resolve(one.full_product_name, noContext);
      const distro = own.distro ?? platform.distro ?? component.distro;
      const base = own.packages.length > 0 ? own : component;
      products.set(one.full_product_name.product_id, {
        ...base,
        name: own.name,
        distro,
        packages: base.packages.map((each) => ({
          ...each,
          package: { ...each.package, distro: isDistributed(each.package) ? (each.package.distro ?? distro) : null },
        })),
      });
    }
    if (later.length === pending.length) return;
    pending = later;
  }
}

const isDistributed = ({ type }: PackageIdentity): boolean => type === 'deb' || type === 'rpm' || type === 'apk';

interface BranchContext {
  readonly range: string | null;
  readonly version: string | null;
}
const noContext: BranchContext = { range: null, version: null };

function within(context: BranchContext, { category, name }: Branch): BranchContext {
  if (category === 'product_version_range') return { range: name, version: null };
  if (category === 'product_version') return { range: null, version: name };
  return context;
}

function resolve(
  { name, product_identification_helper: given }: FullProduct,
  { range, version }: BranchContext,
): ResolvedProduct {
  const purls = [...(given?.purl === undefined ? [] : [given.purl]), ...(given?.purls ?? [])];
  const cpe = given?.cpe ?? null;
  const byPurl = purls.flatMap(packageByPurl);
  const product = cpe === null ? null : cpeProduct(cpe);
  const byCpe =
    product === null ? [] : [{ package: { type: 'cpe', name: product.name, distro: null }, version: product.version }];
  return {
    name,
    packages: byPurl.length > 0 ? byPurl : byCpe,
    purl: purls[0] ?? null,
    cpe,
    range,
    version,
    distro: cpe === null ? distroOf(name) : (distroOfCpe(cpe) ?? distroOf(name)),
  };
}

function packageByPurl(text: string): { package: PackageIdentity; version: string | null }[] {
  try {
    const purl = parsePurl(text);
    return [{ package: packageOf(purl), version: versionOf(purl) }];
  } catch {
    return [];
  }
}

/** Operating systems by their CPE product: `cpe:/o:redhat:enterprise_linux:9::baseos`. */
const systems: Readonly<Record<string, string>> = {
  'redhat:enterprise_linux': 'redhat',
  'redhat:rhel_eus': 'redhat',
  'debian:debian_linux': 'debian',
  'canonical:ubuntu_linux': 'ubuntu',
  'alpinelinux:alpine_linux': 'alpine',
  'suse:linux_enterprise_server': 'sles',
  'rocky:rocky': 'rocky',
  'almalinux:almalinux': 'almalinux',
};

function distroOfCpe(cpe: string): string | null {
  const product = cpeProduct(cpe);
  const system = systems[product?.name.replace(/^cpe\/[aoh]:/, '') ?? ''];
  const version = product?.version ?? null;
  return system === undefined || version === null ? null : distroOf(`${system}-${version}`);
}
