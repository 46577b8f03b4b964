package import EmbeddedServer

extension EmbeddedServer.Configuration {
  /// The smallest sensible configuration.
  package static var minimal: EmbeddedServer.Configuration {
    var configuration = EmbeddedServer.Configuration(
      bufferPoolBytes: 128 << 20, redoLogBytes: 48 << 20, temporaryTableBytes: 64 << 20,
      ariaCacheBytes: 16 << 20)
    configuration.flushLogAtCommit = 2
    configuration.runsEvents = false
    configuration.startDeadline = .seconds(60)
    configuration.stopDeadline = .seconds(60)
    return configuration
  }
}
