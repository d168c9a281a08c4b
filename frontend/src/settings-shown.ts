import type { SettingValues, Size } from "./api";
import type { Texts } from "./texts";

export function sizeText(t: Texts, size: Size | null): string {
  return size ? `${size.width}×${size.height}` : t("settings.unknown");
}

/** How far a camera's clock is from ours, to the second: "時計が7分 12秒遅れています". */
export function offsetText(t: Texts, seconds: number | null): string {
  if (seconds === null) return t("settings.unknown");
  const whole = Math.round(seconds);
  if (!whole) return t("settings.clock_right");
  const off = Math.abs(whole);
  const length = [
    [Math.floor(off / 3600), "board.hours"],
    [Math.floor(off / 60) % 60, "board.minutes"],
    [off % 60, "board.seconds"],
  ] as const;
  return t(whole > 0 ? "settings.clock_ahead" : "settings.clock_behind", {
    length: length.flatMap(([count, unit]) => (count ? [t(unit, { count })] : [])).join(" "),
  });
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
  // In which of its streams the camera has audio is nothing to a person.
  if ("audio" in values) return t(values.audio.length ? "settings.audio_on" : "settings.audio_off");
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
