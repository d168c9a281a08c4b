/** Print a sheet of its own: of Home Assistant's page the browser would print the sidebar, too. */
export function printSheet(heading: string, css: string, language: string, fill: (sheet: Document) => Node[]): void {
  const frame = document.createElement("iframe");
  frame.title = heading;
  frame.style.cssText = "position:fixed;inline-size:0;block-size:0;border:0";
  document.body.append(frame);
  const sheet = frame.contentDocument;
  const view = frame.contentWindow;
  if (!sheet || !view) return;
  sheet.title = heading;
  sheet.documentElement.lang = language;
  const style = sheet.createElement("style");
  style.textContent = `
    @page { size: A4; margin: 20mm }
    body { font: 12pt/1.7 sans-serif; color: #000 }
    h1 { font-size: 16pt }${css}`;
  sheet.head.append(style);
  const title = sheet.createElement("h1");
  title.textContent = heading;
  sheet.body.append(title, ...fill(sheet));
  view.addEventListener("afterprint", () => {
    frame.remove();
  });
  view.focus();
  view.print();
}

/** Print names and what stands behind them, to be compared letter by letter. */
export function printAnchor(heading: string, rows: [string, string][]): void {
  const css = `
    dt { font-weight: bold; margin-block-start: 6mm }
    dd { margin: 0; overflow-wrap: anywhere; font-family: monospace }`;
  printSheet(heading, css, "", (sheet) => {
    const list = sheet.createElement("dl");
    for (const [name, text] of rows) {
      const term = sheet.createElement("dt");
      term.textContent = name;
      const value = sheet.createElement("dd");
      value.textContent = text;
      list.append(term, value);
    }
    return [list];
  });
}
