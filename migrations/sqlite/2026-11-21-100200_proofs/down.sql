DROP TABLE tickets;
DROP TABLE challenges;
DROP TABLE attempts;
