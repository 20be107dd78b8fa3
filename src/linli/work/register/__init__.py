"""Taking in an office's register of residents: a workbook of persons, households and dwellings."""
