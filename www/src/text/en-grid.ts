// What a person reads in the grid view, in English. May import: format.

export const enGrid = {
  label: 'Who chooses whom',
  title: (token: string | null, layer: number) =>
    token === null ? `Experts of layer ${layer}` : `Experts of layer ${layer}, up to ${token}`,
  prose: '',
};
