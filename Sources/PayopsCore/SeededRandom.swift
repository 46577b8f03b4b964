/// A reproducible generator of random numbers: xoshiro256** seeded through SplitMix64.
///
/// The sequence depends on the seed and the name of the stream alone, on every machine. Streams
/// of different names are independent, so that a new consumer does not change what others draw.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018).
package struct SeededRandom: RandomNumberGenerator, Sendable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// Starts the sequence of a seed.
  ///
  /// - Parameter seed: any number; the same seed gives the same sequence.
  package init(seed: UInt64) {
    var state = seed
    s0 = SeededRandom.splitMix(&state)
    s1 = SeededRandom.splitMix(&state)
    s2 = SeededRandom.splitMix(&state)
    s3 = SeededRandom.splitMix(&state)
  }

  /// Starts the sequence of a named stream of a seed.
  ///
  /// - Parameters:
  ///   - seed: the seed shared by all streams.
  ///   - stream: name of the stream.
  ///   - number: position within a family of streams, such as an hour or a customer.
  package init(seed: UInt64, stream: String, number: Int = 0) {
    var checksum = FNV1a64()
    checksum.update(stream.utf8)
    var state = UInt64(bitPattern: Int64(number))
    let position = SeededRandom.splitMix(&state)
    var name = checksum.value
    self.init(seed: seed ^ SeededRandom.splitMix(&name) ^ position)
  }

  /// The next 64 random bits.
  @inlinable
  package mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = ((product &<< 7) | (product &>> 57)) &* 9
    let shifted = s1 &<< 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 &<< 45) | (s3 &>> 19)
    return result
  }

  /// A whole number below a bound, by multiplication (bias below bound / 2^64).
  ///
  /// - Parameter bound: greater than 0.
  /// - Returns: 0 ..< bound.
  @inlinable
  package mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
  }

  /// A whole number in a closed range.
  @inlinable
  package mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// A number from 0 inclusive to 1 exclusive, with 53 random bits.
  @inlinable
  package mutating func unit() -> Double {
    Double(next() &>> 11) * 0x1p-53
  }

  /// Whether an event of a given probability happens.
  @inlinable
  package mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// One step of SplitMix64, the mixer that spreads a seed over the state.
  static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
