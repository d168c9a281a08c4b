/** Times as the section reads them: always in its own time zone, whatever the browser's is. */

export class Clock {
  private readonly full: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;
  private readonly brief: Intl.DateTimeFormat;
  private readonly local: Intl.DateTimeFormat;

  constructor(
    readonly language: string,
    readonly timeZone: string,
  ) {
    const date = { year: "numeric", month: "short", day: "numeric", weekday: "short" } as const;
    const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    this.full = new Intl.DateTimeFormat(language, { timeZone, ...date, ...time });
    this.brief = new Intl.DateTimeFormat(language, {
      timeZone,
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    this.day = new Intl.DateTimeFormat(language, { timeZone, ...date });
    // Swedish writes dates as ISO 8601 does.
    this.local = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      dateStyle: "short",
      timeStyle: "medium",
    });
  }

  /** Date and time to the second. */
  at(moment: string | Date): string {
    return this.full.format(new Date(moment));
  }

  /** Month and day, and the time to the minute: what is not long ago. */
  short(moment: string | Date): string {
    return this.brief.format(new Date(moment));
  }

  date(moment: string | Date): string {
    return this.day.format(new Date(moment));
  }

  /** The zone as people call it: "日本標準時". */
  zoneName(): string {
    const parts = new Intl.DateTimeFormat(this.language, {
      timeZone: this.timeZone,
      timeZoneName: "long",
    }).formatToParts();
    return parts.find((part) => part.type === "timeZoneName")?.value ?? this.timeZone;
  }

  /** Date and time to the tenth of a second. */
  tenths(moment: Date): string {
    return `${this.at(moment)}.${Math.floor(moment.getUTCMilliseconds() / 100)}`;
  }

  /** Time of the day, to the tenth of a second. */
  timeOfDay(moment: Date): string {
    return `${this.field(moment).slice(11)}.${Math.floor(moment.getUTCMilliseconds() / 100)}`;
  }

  /** What a `datetime-local` field takes: "2026-11-23T10:00:05", the section's wall clock. */
  field(moment: string | Date): string {
    return this.local.format(new Date(moment)).replace(" ", "T");
  }

  /** The moment that such a field names; null for what is none. */
  moment(field: string): Date | null {
    const wall = Date.parse(`${withSeconds(field)}Z`);
    if (Number.isNaN(wall)) return null;
    // The offset at that wall clock is known once the moment nearly is: where it changes, the second guess is right.
    const guess = wall - this.offset(new Date(wall));
    return new Date(wall - this.offset(new Date(guess)));
  }

  /** ISO 8601 with the section's offset, to the millisecond. */
  iso(moment: Date): string {
    const minutes = Math.round(this.offset(moment) / 60_000);
    const sign = minutes < 0 ? "-" : "+";
    const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
    const milliseconds = String(moment.getUTCMilliseconds()).padStart(3, "0");
    return `${this.field(moment)}.${milliseconds}${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  }

  /** How far the section's wall clock is ahead of UTC then, in milliseconds. */
  private offset(moment: Date): number {
    return Date.parse(`${this.field(moment)}Z`) - Math.floor(moment.getTime() / 1000) * 1000;
  }
}

/** A field without seconds means the full minute. */
export function withSeconds(field: string): string {
  return /T\d\d:\d\d$/.test(field) ? `${field}:00` : field;
}

/** Where in a passage a moment lies, in percent. */
export function percentOf(moment: string, start: string, end: string): number {
  const [at, from, to] = [moment, start, end].map((text) => new Date(text).getTime()) as [
    number,
    number,
    number,
  ];
  return to <= from ? 0 : Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
}

/** Hours, minutes and seconds, as short as they can be read. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return (parts[0] ? parts : parts.slice(1))
    .map((part, index) => (index ? String(part).padStart(2, "0") : String(part)))
    .join(":");
}
