// Events whose details have types, which EventTarget's have not.

/**
 * `Events` has the type of each event's detail: `class Stage extends Emitter` with `@extends {Emitter<{faces: Face[]}>}`.
 * @template {object} Events
 */
export class Emitter {
  #target = new EventTarget();

  /**
   * @template {keyof Events & string} Type
   * @param {Type} type
   * @param {(detail: Events[Type]) => void} listener
   * @param {AbortSignal} [signal] whose end is the listener's too
   */
  on(type, listener, signal) {
    /** @param {Event} event */
    const hear = (event) => listener(/** @type {CustomEvent<Events[Type]>} */ (event).detail);
    this.#target.addEventListener(type, hear, { signal });
  }

  /**
   * @template {keyof Events & string} Type
   * @param {Type} type
   * @param {Events[Type]} detail
   */
  emit(type, detail) {
    this.#target.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
