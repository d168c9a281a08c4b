/** Fields of forms: a label that says whether it must be filled in, a help that screen readers find, and the control. */

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";

import { type Texts, textOr } from "./texts";

export interface Labelled {
  /** Id of the control. */
  name: string;
  label: string;
  required?: boolean;
  help?: string;
  /** Of the field among others: "wide". */
  className?: string;
}

export interface TextField extends Labelled {
  value: string;
  disabled?: boolean;
  setValue: (value: string) => void;
}

export interface InputField extends TextField {
  type?: "text" | "date" | "datetime-local" | "number";
  pattern?: string;
  /** The latest date. */
  max?: string;
  /** What is offered while somebody types. */
  suggestions?: readonly string[];
  /** Id of a help that several fields share. */
  describedBy?: string;
}

/** A field's name; a request that a private person makes has names of its own. */
export function fieldLabel(t: Texts, name: string, decided: boolean): string {
  const usual = textOr(t, `fields.${name}`, name);
  return decided ? textOr(t, `fields.disclosure_${name}`, usual) : usual;
}

/** What is to be written there, likewise. */
export function fieldHelp(t: Texts, name: string, decided: boolean): string {
  const usual = textOr(t, `help.${name}`, "");
  return decided ? textOr(t, `help.disclosure_${name}`, usual) : usual;
}

/** "Required", as words beside a label. */
export function requiredMark(t: Texts) {
  return html`<span class="mark">${t("common.required")}</span>`;
}

/** The id of a field's help, for the control that it describes. */
export function helpId({ name, help }: Labelled) {
  return help ? `${name}-help` : nothing;
}

export function labelled(t: Texts, field: Labelled, control: unknown) {
  const { name, label, required, help, className } = field;
  return html`<div class="field ${className ?? ""}">
    <label for=${name}>${label} ${required ? requiredMark(t) : nothing}</label>
    ${help ? html`<span class="soft small" id=${helpId(field)}>${help}</span>` : nothing} ${control}
    <span
      class="wrong small"
      aria-live="polite"
      id="${name}-wrong"
      data-missing=${t("common.fill_in")}
      data-late=${t("common.in_future")}
      hidden
    ></span>
  </div>`;
}

/**
 * What stands in a field, for its `.value`.
 *
 * A number or a time that is only begun has the value "", and so has its state: compared with what stands in the field, it
 * is left there to be finished, instead of being emptied under the fingers of whoever types.
 */
export function typedValue(value: string) {
  return live(value);
}

export function textField(t: Texts, field: InputField) {
  const { name, type = "text", suggestions = [] } = field;
  const list = suggestions.length > 1 ? `${name}-suggestions` : undefined;
  return labelled(
    t,
    field,
    html`<input
        id=${name}
        type=${type}
        step=${type === "datetime-local" || type === "number" ? "1" : nothing}
        max=${field.max ?? nothing}
        pattern=${field.pattern ?? nothing}
        maxlength="200"
        autocomplete="off"
        list=${list ?? nothing}
        ?required=${field.required}
        ?disabled=${field.disabled}
        aria-describedby=${field.describedBy ?? helpId(field)}
        .value=${typedValue(field.value)}
        @input=${(event: Event) => {
          field.setValue((event.target as HTMLInputElement).value);
        }}
      />${list
        ? html`<datalist id=${list}>${suggestions.map((one) => html`<option value=${one}></option>`)}</datalist>`
        : nothing}`,
  );
}

export function textArea(t: Texts, field: TextField) {
  return labelled(
    t,
    field,
    html`<textarea
      id=${field.name}
      maxlength="1000"
      ?required=${field.required}
      ?disabled=${field.disabled}
      aria-describedby=${helpId(field)}
      .value=${field.value}
      @input=${(event: Event) => {
        field.setValue((event.target as HTMLTextAreaElement).value);
      }}
    ></textarea>`,
  );
}

/**
 * Say at every field that is wrong what is, and lead to the first of them; true when none is.
 *
 * `complaints` are what only this part knows to be wrong, by the selector of the field.
 */
export function reportFields(root: ParentNode, complaints: Partial<Record<string, string>> = {}): boolean {
  clearComplaints(root);
  for (const [selector, words] of Object.entries(complaints))
    root.querySelector<HTMLInputElement>(selector)?.setCustomValidity(words ?? "");
  const [first] = fieldsOf(root).filter((field) => !tell(field));
  if (!first) return true;
  first.scrollIntoView({ block: "center" });
  // What stands in no field of ours has no place for words: the browser has.
  if (wordsOf(first)) first.focus({ preventScroll: true });
  else first.reportValidity();
  return false;
}

/** What was complained of is being put right: nobody is to go on about it. */
export function clearComplaints(root: ParentNode): void {
  for (const field of fieldsOf(root)) {
    field.setCustomValidity("");
    if (field.hasAttribute("aria-invalid")) tell(field);
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fieldsOf(root: ParentNode): Field[] {
  return [...root.querySelectorAll<Field>("input, select, textarea")];
}

function wordsOf(field: Field): HTMLElement | null {
  return field.closest(".field")?.querySelector<HTMLElement>(".wrong") ?? null;
}

/** Say beside a field what is wrong with it, until somebody puts it right; false while something is. */
function tell(field: Field): boolean {
  const valid = !field.willValidate || field.validity.valid;
  const words = wordsOf(field);
  if (!words) return valid;
  const again = () => tell(field);
  if (valid) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-errormessage");
  } else {
    if (!field.hasAttribute("aria-invalid")) field.addEventListener("input", again, { once: true });
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", words.id);
  }
  words.textContent = valid ? "" : wrongText(field, words.dataset);
  words.hidden = valid;
  return valid;
}

function wrongText({ validity, validationMessage }: Field, { missing = "", late = "" }: DOMStringMap): string {
  // A time that is only begun is bad input to the browser, and missing to whoever typed it.
  if (validity.valueMissing && !validity.badInput) return missing;
  return validity.rangeOverflow ? late : validationMessage;
}
