/// Limits of a server; what is beyond them is refused before a body is read.
package struct HTTPLimits: Sendable {
  /// Open connections.
  package var connections = 512
  /// Open connections from one address; 0 for no limit, as behind a proxy.
  package var connectionsPerAddress = 0
  /// Seconds without a byte after which a connection ends.
  package var idleSeconds = 60
  /// Longest time from the first byte of a connection, or of the pause after an answer, to the
  /// complete head.
  package var headDeadline = Duration.seconds(10)
  /// Longest time from a head to its complete body.
  package var bodyDeadline = Duration.seconds(30)
  /// Longest time from a complete request to the begin of its answer.
  package var answerDeadline = Duration.seconds(30)
  /// Longest time of a streamed body.
  package var streamDeadline = Duration.seconds(3600)
  /// Bytes of the request target.
  package var targetBytes = 8192
  /// Fields of a head.
  package var headers = 64
  /// Bytes of the name of a field.
  package var headerNameBytes = 64
  /// Bytes of the value of a field.
  package var headerValueBytes = 4096

  /// The default limits.
  package init() {}
}
