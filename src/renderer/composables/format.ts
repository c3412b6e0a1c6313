/** Numbers, times and sizes as people read them. A value that is missing is an en dash. */
export const missing = '–';

export type OptionalNumber = number | null | undefined;

const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const formatInteger = (value: OptionalNumber): string =>
  value == null ? missing : integer.format(value);

/** A share in [0,1] as a percentage with two decimals: 0.9917 -> 99.17%. */
export const formatShare = (value: OptionalNumber, decimals = 2): string =>
  value == null || Number.isNaN(value) ? missing : `${(value * 100).toFixed(decimals)}%`;

export const formatDecimal = (value: OptionalNumber, decimals = 2): string =>
  value == null || Number.isNaN(value) ? missing : value.toFixed(decimals).replace(/^-/, '−');

/** A number with as many digits as it needs, at most `digits` significant: 0.001, 1e-7, 390,858. */
export function formatNumber(value: OptionalNumber, digits = 4): string {
  if (value == null || Number.isNaN(value)) return missing;
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return integer.format(value);
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}

/** 950 -> "1 s", 192000 -> "3 min 12 s", 7_500_000 -> "2 h 5 min". */
export function formatDuration(durationMs: OptionalNumber): string {
  if (durationMs == null || !Number.isFinite(durationMs)) return missing;
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  }
  const wholeMinutes = Math.round(seconds / 60);
  const hours = Math.floor(wholeMinutes / 60);
  if (hours < 48) {
    const rest = wholeMinutes % 60;
    return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  }
  return `${Math.round(hours / 24)} d`;
}

/** For a column of durations, short: "44 s", "5.3 min", "13 min", "2 h 5 min". */
export function formatMinutes(durationMs: number): string {
  if (durationMs < 60_000) return formatDuration(durationMs);
  if (durationMs < 600_000) return `${(durationMs / 60_000).toFixed(1)} min`;
  return formatDuration(Math.round(durationMs / 60_000) * 60_000);
}

/** A rough duration for estimates: "about 4 min", "under a minute". */
export function formatEstimate(durationMs: number): string {
  if (durationMs < 50_000) return 'under a minute';
  const minutes = Math.round(durationMs / 60_000);
  if (minutes < 60) return `about ${Math.max(1, minutes)} min`;
  const hours = durationMs / 3_600_000;
  return hours < 10
    ? `about ${String(Number(hours.toFixed(1)))} h`
    : `about ${integer.format(hours)} h`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units: 1_234_000 -> "1.2 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 || value >= 100 ? integer.format(value) : value.toFixed(1);
  return `${text} ${byteUnits[unit] ?? ''}`;
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** Short: the time today, the day this year, else with the year. `iso` is an ISO 8601 time. */
export function formatDate(iso: string | null | undefined, now = new Date()): string {
  if (iso == null) return missing;
  const date = new Date(iso);
  if (date.toDateString() === now.toDateString()) return timeOfDay.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayOfYear : dayAndYear).format(date);
}

export const formatDateTime = (iso: string | null | undefined): string =>
  iso == null ? missing : full.format(new Date(iso));

/** Trained epochs; the one before training, number 0, is none: "no epoch", "1 epoch", "13 epochs". */
export const formatEpochs = (trained: number): string =>
  trained === 0 ? 'no epoch' : `${integer.format(trained)} ${trained === 1 ? 'epoch' : 'epochs'}`;

/** Where in a run something is: "Epoch 4 of 13", 0 being the untrained model. */
export const formatEpoch = (epoch: OptionalNumber, last: OptionalNumber): string =>
  `Epoch ${epoch ?? missing} of ${last ?? missing}`;

/** "1 run", "2 runs", "1,000 runs". */
export const formatCount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${integer.format(count)} ${count === 1 ? singular : plural}`;
