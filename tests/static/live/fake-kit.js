// In the web kit's place, which needs WebAssembly and networks: answers as told.

/** @type {{ loads: string[], loading: Promise<void>, released: string[], problem: unknown, faces: () => Promise<object[]> }} */
export const kit = { loads: [], loading: Promise.resolve(), released: [], problem: null, faces: async () => [] };

export class ExpressionClassifier {
  /** @param {string} folder */
  static async load(folder) {
    kit.loads.push(folder);
    await kit.loading;
    if (kit.problem) throw kit.problem;
    return new ExpressionClassifier(folder);
  }

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  async release() {
    kit.released.push(this.folder);
  }

  faces() {
    return kit.faces();
  }
}
