/** The images of make_statistics.py. */
export const pattern = (size: number, k: number): Float32Array =>
  Float32Array.from(
    { length: size ** 2 },
    (_, p) => ((p * p * (2 * k + 3) + 17 * p * (k + 1)) % 256) / 255,
  );

export const disc = (size: number, radius: number): Float32Array =>
  Float32Array.from({ length: size ** 2 }, (_, p) => {
    const [y, x] = [Math.floor(p / size), p % size];
    const distance = (2 * y - size + 1) ** 2 + (2 * x - size + 1) ** 2;
    const level = 255 - 10 * Math.max(0, distance - 4 * radius ** 2);
    return Math.min(255, Math.max(0, level)) / 255;
  });
