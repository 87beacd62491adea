// Which tab the address asks for, before anything is painted; tabs.js goes on with it. It stands in the page itself.
{
  const [, asked] = /^#(live|collect|review|train)(?![\w-])/.exec(location.hash) ?? [];
  document.documentElement.dataset.tab = asked ?? "live";
}
