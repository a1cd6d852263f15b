DROP TABLE challenges;
DROP TABLE attempts;
