/** Have Home Assistant load its own player, for browsers without HLS; false when it does not come. */
export async function homeAssistantsPlayer(): Promise<boolean> {
  if (customElements.get("ha-hls-player")) return true;
  const helpers = (window as { loadCardHelpers?: () => Promise<{ createCardElement(config: object): unknown }> })
    .loadCardHelpers;
  // Its picture card brings the player along.
  (await helpers?.())?.createCardElement({ type: "picture-entity", entity: "camera.none" });
  return Promise.race([
    customElements.whenDefined("ha-hls-player").then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, 5000, false)),
  ]);
}
