import { watchEffect, type Directive } from 'vue';
import { useAccessStore } from '../stores/access.ts';

type Control = HTMLButtonElement | HTMLInputElement | HTMLTextAreaElement;

const stops = new WeakMap<Control, () => void>();

const disabledHere = new WeakSet<Control>();

/** Without a refusal, what the control is bound to decides. */
function apply(control: Control, refusal: string | null): void {
  if (refusal === null) {
    if (disabledHere.delete(control)) control.disabled = false;
    return;
  }
  if (!control.disabled) disabledHere.add(control);
  control.disabled = true;
  control.title = refusal;
}

/** On a control that writes: where nothing can be written it is disabled and its title says why. */
export const vWrites: Directive<Control> = {
  mounted: (control) => {
    const access = useAccessStore();
    stops.set(
      control,
      watchEffect(() => {
        apply(control, access.refusal);
      }),
    );
  },
  updated: (control) => {
    apply(control, useAccessStore().refusal);
  },
  unmounted: (control) => {
    stops.get(control)?.();
  },
};
