-- name: put!
INSERT INTO shelf (generation_id, file, format, width, height, size, transparent, original, key, shelved_at)
VALUES (:generation_id, :file, :format, :width, :height, :size, :transparent, :original, :key, :shelved_at);

-- name: get^
SELECT * FROM shelf WHERE generation_id = :generation_id;

-- name: key_of^
SELECT shelf.key, generations.user_id FROM shelf JOIN generations ON generations.generation_id = shelf.generation_id
WHERE shelf.generation_id = :generation_id;

-- name: until!
UPDATE shelf SET kept_until = :kept_until WHERE generation_id = :generation_id;

-- name: hand_over!
UPDATE shelf SET generation_id = :heir, kept_until = NULL WHERE generation_id = :generation_id AND kept_until > :now;

-- name: expired
SELECT generation_id, file, original FROM shelf WHERE kept_until IS NOT NULL AND kept_until <= :now
ORDER BY kept_until LIMIT :most;

-- name: remove!
DELETE FROM shelf WHERE generation_id = :generation_id;

-- name: names
SELECT file, original FROM shelf;

-- name: is_kept$
SELECT count(*) AS kept FROM shelf WHERE file = :file OR original = :file;
