import PayopsCore

/// Draws from a discrete distribution in constant time (Walker's alias method, Vose's build).
struct AliasTable: Sendable {
  private let thresholds: [UInt32]
  private let aliases: [Int32]
  private let members: [Int32]

  /// Builds the table.
  ///
  /// - Parameters:
  ///   - members: the values to draw from.
  ///   - weights: one positive weight for each.
  init(members: [Int32], weights: [Double]) {
    let count = members.count
    let mean = weights.reduce(0, +) / Double(max(1, count))
    var scaled = weights.map { $0 / mean }
    var thresholds = [UInt32](repeating: .max, count: count)
    var aliases = (0..<count).map { Int32($0) }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let less = small.popLast(), let more = large.last {
      thresholds[less] = UInt32(min(scaled[less] * 0x1p32, 0x1p32 - 1))
      aliases[less] = Int32(more)
      scaled[more] -= 1 - scaled[less]
      if scaled[more] < 1 {
        large.removeLast()
        small.append(more)
      }
    }
    self.thresholds = thresholds
    self.aliases = aliases
    self.members = members
  }

  /// Whether there are no members.
  var isEmpty: Bool { members.isEmpty }

  /// The member chosen by 64 random bits.
  @inline(__always)
  func draw(_ bits: UInt64) -> Int {
    let high = UInt32(truncatingIfNeeded: bits &>> 32)
    let position = Int((UInt64(high) &* UInt64(members.count)) &>> 32)
    let chosen =
      UInt32(truncatingIfNeeded: bits) < thresholds[position] ? position : Int(aliases[position])
    return Int(members[chosen])
  }
}
