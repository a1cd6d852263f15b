DROP TABLE attributes;
DROP TABLE passwords;
DROP TABLE identifiers;
DROP TABLE username_skeletons;
DROP TABLE users;
