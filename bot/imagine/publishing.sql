-- name: publish!
-- The first link counts; pressing again shows it.
UPDATE generations SET public_link = :link, public_id = :remote_id
WHERE generation_id = :generation_id AND public_link IS NULL;

-- name: withdraw!
UPDATE generations SET public_link = NULL, public_id = NULL
WHERE generation_id = :generation_id AND public_id = :remote_id;
