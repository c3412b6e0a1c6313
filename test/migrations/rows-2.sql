-- Rows as schema 2 holds them besides those of schema 1, made by hand.
INSERT INTO figures (id, name, specification, created_at, changed_at) VALUES ('fabcdefghjkm', 'Figure 3', '{"template":"cam-pair","run":"abcdefghjkmn","example":4}', '2026-02-03T04:05:06.789Z', '2026-02-04T04:05:06.789Z');
