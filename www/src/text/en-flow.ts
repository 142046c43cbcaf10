// What a person reads in the flow view, in English. May import: format.

export const enFlow = {
  label: 'One step, stage by stage',
  title: (token: string | null, layer: number) =>
    token === null ? `Layer ${layer}, stage by stage` : `${token} through layer ${layer}`,
  prose: '',
};
