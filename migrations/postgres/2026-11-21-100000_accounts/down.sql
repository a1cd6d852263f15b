DROP TABLE identifiers;
DROP TABLE users;
