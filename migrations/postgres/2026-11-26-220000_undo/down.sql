DROP TABLE used_backup_codes;
DROP TABLE undo_points;
ALTER TABLE users DROP COLUMN frozen_at;
