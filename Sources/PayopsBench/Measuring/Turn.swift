/// The time that one measured piece of work used.
struct Turn: Sendable, Equatable {
  /// Wall time, seconds.
  var seconds: Double
  /// Processor time of the server and of the programs that did the work together, seconds.
  var cpuSeconds: Double

  /// Processor time of one unit of work, microseconds.
  ///
  /// - Parameter units: how many rows, changes or questions the turn dealt with.
  func cpuMicroseconds(per units: Int) -> Double {
    cpuSeconds * 1e6 / Double(max(1, units))
  }
}
