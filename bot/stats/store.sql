-- name: ended
-- Read from the index alone: with a million pictures in a month this takes a second for all of them, in a thread.
-- A service was paid for what has a size and took time: what was missed and is brought later has only a size.
SELECT model, status, COALESCE(cause, '') AS cause, COUNT(*) AS count,
       CAST(COALESCE(SUM(price), 0) AS BIGINT) AS credits, COUNT(width + draw_ms) AS drawn,
       CAST(COALESCE(SUM(CASE WHEN width + draw_ms IS NOT NULL THEN price ELSE 0 END), 0) AS BIGINT) AS spend
FROM generations WHERE ended_at >= :since AND ended_at < :until
GROUP BY model, status, cause;

-- name: took
-- A failure that was drawn took its time, too; what nobody drew has none.
SELECT model,
       CASE WHEN draw_ms < 10000 THEN draw_ms / 100 * 100
            WHEN draw_ms < 100000 THEN draw_ms / 1000 * 1000
            ELSE draw_ms / 10000 * 10000 END AS ms,
       COUNT(*) AS count
FROM generations
WHERE ended_at >= :since AND ended_at < :until AND width IS NOT NULL AND draw_ms IS NOT NULL
GROUP BY 1, 2;

-- name: people$
SELECT COUNT(DISTINCT user_id) FROM generations WHERE ended_at >= :since AND ended_at < :until;

-- name: spent
SELECT model, CAST(COALESCE(SUM(price), 0) AS BIGINT) AS spend FROM generations
WHERE ended_at >= :since AND ended_at < :until AND width IS NOT NULL AND draw_ms IS NOT NULL
GROUP BY model;

-- name: incidents
SELECT provider, cause, opened_at, works_since FROM incidents ORDER BY opened_at, provider;

-- name: open_incident!
-- Who is first tells the admins.
INSERT INTO incidents (provider, cause, opened_at) VALUES (:provider, :cause, :now)
ON CONFLICT (provider) DO NOTHING;

-- name: mark_incident!
UPDATE incidents SET cause = :cause, works_since = :works_since WHERE provider = :provider;

-- name: close_incident!
DELETE FROM incidents WHERE provider = :provider;
