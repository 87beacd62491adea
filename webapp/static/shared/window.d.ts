// What dark.js, which runs before any module, leaves for them.

interface Window {
  mienLook: { dark(): boolean; toggle(): void };
}
