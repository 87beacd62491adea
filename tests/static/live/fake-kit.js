// In the web kit's place, which needs WebAssembly and networks: answers as told.

/** @type {{ loads: string[], problem: unknown, faces: () => Promise<object[]> }} */
export const kit = { loads: [], problem: null, faces: async () => [] };

export class ExpressionClassifier {
  /** @param {string} folder */
  static async load(folder) {
    kit.loads.push(folder);
    if (kit.problem) throw kit.problem;
    return new ExpressionClassifier();
  }

  faces() {
    return kit.faces();
  }
}
