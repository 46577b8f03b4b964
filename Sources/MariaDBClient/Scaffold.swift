enum MariaDBClientModule {}
