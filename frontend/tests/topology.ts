// The part of TopoJSON that the map needs.

export type Arc = readonly (readonly [number, number])[];

export interface Topology {
    readonly transform: { readonly scale: readonly [number, number]; readonly translate: readonly [number, number] };
    readonly arcs: readonly Arc[];
    readonly objects: Readonly<Record<string, { readonly geometries: readonly { readonly arcs: unknown }[] }>>;
}
