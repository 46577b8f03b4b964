enum PayopsCoreModule {}
