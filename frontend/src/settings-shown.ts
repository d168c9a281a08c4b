import type { SettingValues, Size } from "./api";
import type { Texts } from "./texts";

export function sizeText(t: Texts, size: Size | null): string {
  return size ? `${size.width}×${size.height}` : t("settings.unknown");
}

/** How far a camera's clock is from ours, in seconds. */
export function offsetText(t: Texts, seconds: number | null): string {
  if (seconds === null) return t("settings.unknown");
  const whole = Math.round(seconds);
  if (!whole) return t("settings.clock_right");
  return t(whole > 0 ? "settings.clock_ahead" : "settings.clock_behind", { seconds: Math.abs(whole) });
}

/** By what a camera's clock is set. */
export function modeText(t: Texts, mode: string | null, ntp: string | null): string {
  switch (mode) {
    case "ntp":
      return ntp === "dhcp" ? t("settings.by_dhcp") : t("settings.by_ntp", { server: ntp ?? t("settings.unknown") });
    case "manual":
      return t("settings.by_hand");
    default:
      return t("settings.unknown");
  }
}

/** What a setting is or will be, in one line. */
export function valuesText(t: Texts, values: SettingValues, before = false): string {
  if ("audio" in values)
    return values.audio.length
      ? t("settings.audio_of", { profiles: values.audio.join(", ") })
      : t("settings.audio_off");
  if ("profiles" in values) {
    const sizes = values.profiles.map((one) =>
      one.recorded ? t("settings.recorded_size", { size: sizeText(t, one) }) : sizeText(t, one),
    );
    // Which resolution is asked for says nothing of what stood before.
    return before ? sizes.join(" / ") : t(`settings.${values.mode}_sizes`, { sizes: sizes.join(" / ") });
  }
  const offset = values.offset === null ? null : Number(values.offset);
  return t("settings.clock_values", {
    mode: modeText(t, values.mode, values.ntp),
    offset: offsetText(t, offset),
  });
}
