import Foundation

/// How fast the machine is at a moment: the same small computation each time.
///
/// A shared machine may halve its speed within minutes; these figures beside a result show how fast
/// it was at the time.
enum MachineSpeed {
  /// Measures 20 million steps of a hash.
  ///
  /// - Returns: milliseconds.
  @inline(never)
  static func milliseconds() -> Double {
    let start = ContinuousClock.now
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for step in 0..<20_000_000 {
      hash = (hash ^ UInt64(truncatingIfNeeded: step & 0xff)) &* 0x100_0000_01b3
    }
    // The result must matter, or the compiler leaves the loop out.
    if hash == 0 { Console.progress("the hash is 0") }
    return (ContinuousClock.now - start).inMilliseconds
  }
}
