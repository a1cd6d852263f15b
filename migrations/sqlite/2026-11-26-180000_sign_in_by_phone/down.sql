ALTER TABLE identifiers DROP COLUMN is_second_factor;
ALTER TABLE attempts DROP COLUMN phone_number;
