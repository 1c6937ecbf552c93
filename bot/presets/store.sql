-- name: presets
SELECT name, words, negative, ratio, model, set_at, set_by FROM own_presets ORDER BY name;

-- name: put!
INSERT INTO own_presets (name, words, negative, ratio, model, set_at, set_by)
VALUES (:name, :words, :negative, :ratio, :model, :now, :admin_id)
ON CONFLICT (name) DO UPDATE SET
  words = excluded.words, negative = excluded.negative, ratio = excluded.ratio, model = excluded.model,
  set_at = excluded.set_at, set_by = excluded.set_by
WHERE own_presets.set_at = :seen_at AND own_presets.set_by = :seen_by;

-- name: drop!
DELETE FROM own_presets WHERE name = :name AND set_at = :seen_at AND set_by = :seen_by;
