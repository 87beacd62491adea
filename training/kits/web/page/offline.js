// In the folder that `npm run build` made: keeps the site in the browser.

navigator.serviceWorker?.register("offline-worker.js").catch((error) => console.warn("Mien needs a network:", error));
