import { css, html, nothing } from "lit";

import type { Acceptance, CameraAnswers, TestReport } from "./api";
import { PANEL_PATH, Page } from "./base";
import { printSheet } from "./print";
import { styles } from "./styles";

/** How often it is asked how far a test is; in milliseconds. */
const LOOK = 1500;

type Mark = TestReport["parts"][number]["said"][number]["mark"];
type Verdict = TestReport["verdict"];

/** A sign beside the words, so that nothing is said by colour alone. */
const SIGNS: Record<Mark, string> = { good: "○", limit: "△", bad: "×", unknown: "?", plain: "・" };
const OF_VERDICTS: Record<Verdict, string> = { fit: "○", limits: "△", unfit: "×", unknown: "?" };

/** The reasons that make a verdict what it is. */
const DECIDING: Partial<Record<Verdict, Mark>> = { limits: "limit", unfit: "bad", unknown: "unknown" };
const WORDS = ["onvif", "read_back", "index", "event", "log_in"] as const;
const SIGNATURES = ["tested_by", "witnessed_by", "accepted_by", "date"] as const;

const SHEET = `
    @page { size: A4; margin: 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
    body { font: 9.5pt/1.5 "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif }
    h1 { font-size: 15pt; margin: 0 0 3mm }
    h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm; break-after: avoid }
    h3 { font-size: 9.5pt; margin: 3mm 0 0.5mm; break-after: avoid }
    p { margin: 0 0 2mm }
    table { border-collapse: collapse; inline-size: 100% }
    th, td { border: 0.3mm solid #555; padding: 1mm 2mm; text-align: start; vertical-align: top; overflow-wrap: anywhere }
    tr { break-inside: avoid }
    thead { display: table-header-group }
    .verdict { white-space: nowrap; font-weight: bold }
    .whole { border: 0.5mm solid #000; padding: 2mm 3mm; margin-block: 3mm; break-inside: avoid }
    .whole p:first-child { font-size: 13pt; font-weight: bold }
    .small { font-size: 8.5pt }
    .duties th:nth-child(1) { inline-size: 27% }
    .duties th:nth-child(2) { inline-size: 20% }
    .signatures { margin-block: 5mm; break-inside: avoid }
    .signatures td { block-size: 16mm }
    .signatures th { inline-size: 25% }
    .last { margin-block-start: 4mm }
    section { break-inside: avoid }
    ul { list-style: none; margin: 0; padding: 0 }
    li { padding-inline-start: 1.4em; text-indent: -1.4em; overflow-wrap: anywhere }
    li span { display: inline-block; inline-size: 1.4em; text-indent: 0 }`;

/** The acceptance test of one camera: begin, follow, call off; the report, printed; the camera's answers, saved. */
export class NiizaCctvAcceptance extends Page {
  static override properties = {
    ...Page.properties,
    camera: {},
    shown: { state: true },
    answers: { state: true },
    agreed: { state: true },
  };

  static override styles = [
    styles,
    css`
      .page {
        max-width: 860px;
      }
      progress {
        inline-size: 100%;
      }
      h3 {
        font-size: 1rem;
        margin: 16px 0 4px;
      }
      .whole {
        font-size: 1.25rem;
        font-weight: 600;
      }
      table {
        border-collapse: collapse;
        inline-size: 100%;
      }
      th,
      td {
        border-block-end: 1px solid var(--divider-color);
        padding: 8px;
        text-align: start;
        vertical-align: top;
      }
      .verdict {
        white-space: nowrap;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        overflow-wrap: anywhere;
        padding-inline-start: 1.6em;
        text-indent: -1.6em;
      }
      li span {
        display: inline-block;
        inline-size: 1.6em;
        text-indent: 0;
      }
      pre {
        background: var(--secondary-background-color);
        max-block-size: 24rem;
        overflow: auto;
        padding: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
        min-block-size: 44px;
        align-content: center;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  declare camera: string;
  declare private shown: Acceptance | undefined;
  declare private answers: CameraAnswers | undefined;
  declare private agreed: boolean;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.camera = "";
    this.agreed = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private get language(): string {
    return this.context.hass.language.startsWith("ja") ? "ja" : "en";
  }

  protected override async read(): Promise<void> {
    clearTimeout(this.timer);
    this.shown = await this.context.api.acceptance(this.camera, this.language);
    if (this.shown.running && this.isConnected)
      this.timer = setTimeout(() => {
        void this.refresh();
      }, LOOK);
  }

  private async start(): Promise<void> {
    this.answers = undefined;
    this.agreed = false;
    await this.attempt("start", () => this.context.api.startAcceptance(this.camera, this.language));
    await this.refresh();
  }

  private async cancel(): Promise<void> {
    await this.attempt("cancel", () => this.context.api.cancelAcceptance());
    await this.refresh();
  }

  private async look(): Promise<void> {
    await this.attempt("answers", async () => {
      this.answers = await this.context.api.acceptanceAnswers(this.camera);
    });
  }

  private save(answers: CameraAnswers): void {
    const url = URL.createObjectURL(new Blob([answers.text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = answers.name;
    link.click();
    setTimeout(() => {
      URL.revokeObjectURL(url);
    }, LOOK);
  }

  private print(report: TestReport): void {
    const { t, clock } = this.context;
    printSheet(t("acceptance.of", { camera: report.camera_name }), SHEET, this.language, (sheet) => {
      const make = (tag: string, text = "", className = "", ...inside: Node[]): HTMLElement => {
        const element = sheet.createElement(tag);
        element.textContent = text;
        if (className) element.className = className;
        element.append(...inside);
        return element;
      };
      const list = (said: TestReport["parts"][number]["said"]) =>
        make("ul", "", "", ...said.map((one) => make("li", "", "", make("span", SIGNS[one.mark]), sheet.createTextNode(one.text))));
      return [
        make("p", this.when(report)),
        make("p", report.ending_text),
        list(this.identity(report)),
        make(
          "div",
          "",
          "whole",
          make("p", this.verdict(report)),
          make("p", t(`acceptance.then_${report.verdict}`)),
          ...(this.deciding(report).length
            ? [make("p", t("acceptance.because")), list(this.deciding(report))]
            : []),
        ),
        make("p", t("acceptance.signs"), "small"),
        make("p", t("acceptance.sign_apart"), "small"),
        make("h2", t("acceptance.duties")),
        make(
          "table",
          "",
          "duties",
          make(
            "thead",
            "",
            "",
            make("tr", "", "", ...(["duty", "result", "reasons"] as const).map((name) => make("th", t(`acceptance.${name}`)))),
          ),
          make(
            "tbody",
            "",
            "",
            ...report.duties.map((one) =>
              make(
                "tr",
                "",
                "",
                make("td", `${one.duty} ${one.name}`),
                make("td", `${OF_VERDICTS[one.verdict]} ${one.verdict_text}`, "verdict"),
                make("td", "", "", list(one.reasons)),
              ),
            ),
          ),
        ),
        make(
          "table",
          "",
          "signatures",
          make("tr", "", "", ...SIGNATURES.map((name) => make("th", t(`acceptance.${name}`)))),
          make("tr", "", "", ...SIGNATURES.map(() => make("td"))),
        ),
        make(
          "section",
          "",
          "",
          make("h2", t("acceptance.words")),
          make("ul", "", "small", ...WORDS.map((word) => make("li", t(`acceptance.word_${word}`)))),
        ),
        make("h2", t("acceptance.details")),
        make("p", t("acceptance.details_help"), "small"),
        ...this.details(report).map((part) => make("section", "", "", make("h3", part.name), list(part.said))),
        make("p", t("acceptance.printed", { at: clock.at(new Date().toISOString()) }), "small last"),
      ];
    });
  }

  private when(report: TestReport): string {
    const { t, clock } = this.context;
    return t("acceptance.when", {
      at: clock.at(report.started),
      person: report.by?.name ?? t("history.nobody"),
      seconds: report.seconds,
      version: report.version,
    });
  }

  /** The duties of which the test before said something else. */
  private changed(report: TestReport, before: TestReport): string[] {
    const was = new Map(before.duties.map((one) => [one.duty, one]));
    return report.duties.flatMap((one) => {
      const earlier = was.get(one.duty);
      return earlier && earlier.verdict !== one.verdict
        ? [
            this.context.t("acceptance.changed", {
              duty: `${one.duty} ${one.name}`,
              before: `${OF_VERDICTS[earlier.verdict]} ${earlier.verdict_text}`,
              now: `${OF_VERDICTS[one.verdict]} ${one.verdict_text}`,
            }),
          ]
        : [];
    });
  }

  /** What the camera says that it is. */
  private identity(report: TestReport): TestReport["parts"][number]["said"] {
    return report.parts.find((part) => part.step === "identity")?.said ?? [];
  }

  /** Everything but what the report begins with, and what there is nothing to say of. */
  private details(report: TestReport): TestReport["parts"] {
    return report.parts.filter((part) => part.step !== "identity" && part.said.length > 0);
  }

  /** Why the verdict is no better: the reasons of the duties that have the same, each with its duty's number. */
  private deciding(report: TestReport): TestReport["parts"][number]["said"] {
    return report.duties
      .filter((one) => one.duty !== "F8" && one.verdict === report.verdict)
      .flatMap((one) =>
        one.reasons
          .filter((reason) => reason.mark === DECIDING[report.verdict])
          .map((reason) => ({ ...reason, text: `${one.duty} ${reason.text}` })),
      );
  }

  private verdict(report: TestReport): string {
    const verdict = `${OF_VERDICTS[report.verdict]} ${report.verdict_text}`;
    return this.context.t("acceptance.verdict", { verdict });
  }

  private said(said: TestReport["parts"][number]["said"]) {
    return html`<ul>
      ${said.map((one) => html`<li><span aria-hidden="true">${SIGNS[one.mark]}</span>${one.text}</li>`)}
    </ul>`;
  }

  private report(report: TestReport, isLast = true) {
    const { t } = this.context;
    return html`<ha-card>
        <p>${this.when(report)}</p>
        <p>${report.ending_text}</p>
        ${report.recorded ? nothing : html`<ha-alert alert-type="warning">${t("acceptance.unrecorded")}</ha-alert>`}
        ${this.said(this.identity(report))}
        <p class="whole">${this.verdict(report)}</p>
        <p>${t(`acceptance.then_${report.verdict}`)}</p>
        ${this.deciding(report).length
          ? html`<h3>${t("acceptance.because")}</h3>
              ${this.said(this.deciding(report))}`
          : nothing}
        <p class="soft small">${t("acceptance.signs")} ${t("acceptance.sign_apart")}</p>
        <p class="buttons">
          <button
            type="button"
            @click=${() => {
              this.print(report);
            }}
          >
            <ha-icon icon="mdi:printer"></ha-icon>${t("acceptance.print")}
          </button>
        </p>
        ${isLast ? html`<p class="soft small">${t("acceptance.kept")}</p>` : nothing}
        <h2>${t("acceptance.duties")}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("acceptance.duty")}</th>
              <th scope="col">${t("acceptance.result")}</th>
              <th scope="col">${t("acceptance.reasons")}</th>
            </tr>
          </thead>
          <tbody>
            ${report.duties.map(
              (one) =>
                html`<tr>
                  <td>${one.duty} ${one.name}</td>
                  <td class="verdict">${OF_VERDICTS[one.verdict]} ${one.verdict_text}</td>
                  <td>${this.said(one.reasons)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </ha-card>
      <ha-card>
        <h2>${t("acceptance.details")}</h2>
        <p class="soft small">${t("acceptance.details_help")}</p>
        ${this.details(report).map((part) => html`<h3>${part.name}</h3>${this.said(part.said)}`)}
        <h3>${t("acceptance.words")}</h3>
        <ul class="soft small">
          ${WORDS.map((word) => html`<li>${t(`acceptance.word_${word}`)}</li>`)}
        </ul>
      </ha-card>`;
  }

  /** The test before the last one: what has changed since, and all of it. */
  private earlier(report: TestReport, before: TestReport) {
    const { t } = this.context;
    const changes = this.changed(report, before);
    return html`<ha-card>
        <h2>${t("acceptance.before")}</h2>
        <p>${this.when(before)}</p>
        <p>${this.verdict(before)}</p>
        ${changes.length
          ? html`<ul>
              ${changes.map((one) => html`<li><span aria-hidden="true">・</span>${one}</li>`)}
            </ul>`
          : html`<p>${t("acceptance.unchanged")}</p>`}
      </ha-card>
      <details>
        <summary>${t("acceptance.before_whole")}</summary>
        ${this.report(before, false)}
      </details>`;
  }

  /** The camera's own answers, for whoever wants to hand them on. */
  private given(has: boolean) {
    const { t } = this.context;
    const { answers } = this;
    return html`<ha-card>
      <h2>${t("acceptance.answers")}</h2>
      <p>${t("acceptance.answers_help")}</p>
      ${answers
        ? html`<p>
              ${t("acceptance.answers_are", { answers: answers.answers, left: answers.left_out })}
            </p>
            <pre tabindex="0">${answers.text}</pre>
            <label class="choice"
              ><input
                type="checkbox"
                .checked=${this.agreed}
                @change=${(event: Event) => {
                  this.agreed = (event.target as HTMLInputElement).checked;
                }}
              />${t("acceptance.agree")}</label
            >
            <button
              type="button"
              ?disabled=${!this.agreed}
              @click=${() => {
                this.save(answers);
              }}
            >
              <ha-icon icon="mdi:content-save"></ha-icon>${t("acceptance.save")}
            </button>`
        : has
          ? html`<button type="button" ?disabled=${Boolean(this.busy)} @click=${() => void this.look()}>
              ${t("acceptance.look")}
            </button>`
          : html`<p>${t("acceptance.answers_gone")}</p>`}
    </ha-card>`;
  }

  private running() {
    const { t } = this.context;
    const running = this.shown?.running;
    if (!running) return nothing;
    const here = running.camera === this.shown?.camera;
    return html`<ha-card>
      <p role="status">
        ${t(here ? "acceptance.running" : "acceptance.running_elsewhere", {
          camera: running.camera_name,
          step: running.step_text,
          percent: Math.round(100 * running.share),
        })}
      </p>
      <progress max="1" .value=${running.share} aria-label=${t("acceptance.heading")}></progress>
      <button type="button" class="plain" ?disabled=${Boolean(this.busy)} @click=${() => void this.cancel()}>
        ${t("acceptance.cancel")}
      </button>
    </ha-card>`;
  }

  protected override render() {
    const { t } = this.context;
    const { shown } = this;
    return html`<div class="page">
      <p><a href="${PANEL_PATH}/settings">${t("settings.back")}</a></p>
      <h1 tabindex="-1">
        ${shown ? t("acceptance.of", { camera: shown.camera_name }) : t("acceptance.heading")}
      </h1>
      <p>${t("acceptance.help")}</p>
      ${this.errorAlert(this.unread)} ${this.errorAlert()}
      ${shown || this.unread ? nothing : html`<p role="status">${t("common.loading")}</p>`}
      ${this.running()}
      ${shown?.may && !shown.running
        ? html`<button type="button" ?disabled=${Boolean(this.busy)} @click=${() => void this.start()}>
            <ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${t(
              shown.report ? "acceptance.again" : "acceptance.start",
            )}
          </button>`
        : nothing}
      ${shown?.unreadable
        ? html`<ha-alert alert-type="warning">${t("acceptance.kept_unreadable")}</ha-alert>`
        : nothing}
      ${shown?.report ? html`${this.report(shown.report)} ${this.given(shown.report.has_answers)}` : nothing}
      ${shown?.report && shown.before ? this.earlier(shown.report, shown.before) : nothing}
    </div>`;
  }
}
