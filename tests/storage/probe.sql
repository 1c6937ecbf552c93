-- name: put!
INSERT INTO lanes (lane, served) VALUES (:lane, :served);

-- name: all
-- A colon in 'quoted :text' and a cast are left alone, and so is 100 % of the rest.
SELECT lane, CAST(served AS BIGINT) AS served, ':lane %' AS told FROM lanes ORDER BY lane;

-- name: one^
SELECT lane, served FROM lanes WHERE lane = :lane;

-- name: total$
SELECT SUM(served) FROM lanes;

-- name: broken!
INSERT INTO lanes (lane, served) VALUES (:lane, NULL);
