enum MonitoringModule {}
