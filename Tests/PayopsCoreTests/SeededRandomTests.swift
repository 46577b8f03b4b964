import PayopsCore
import Testing

@Suite("Seeded random")
struct SeededRandomTests {
  @Test("seeded random numbers equal the published values of SplitMix64 and xoshiro256**")
  func goldenValues() {
    // State 0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC.
    var random = SeededRandom(seed: 0)
    #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
    #expect(random.next() == 0xBF6E_1F78_4956_452A)
  }

  @Test("a random stream repeats, and streams and numbers are independent")
  func streams() {
    func first(_ seed: UInt64, _ stream: String, _ number: Int) -> [UInt64] {
      var random = SeededRandom(seed: seed, stream: stream, number: number)
      return (0..<4).map { _ in random.next() }
    }
    #expect(first(1, "a", 0) == first(1, "a", 0))
    #expect(first(1, "a", 0) != first(1, "b", 0))
    #expect(first(1, "a", 0) != first(1, "a", 1))
    #expect(first(1, "a", 0) != first(2, "a", 0))
  }

  @Test("bounded random numbers stay within their bounds and reach every value")
  func bounds() {
    var random = SeededRandom(seed: 7)
    var seen = Set<Int>()
    for _ in 0..<2000 {
      let value = random.within(-3...6)
      #expect((-3...6).contains(value))
      seen.insert(value)
      let unit = random.unit()
      #expect(unit >= 0 && unit < 1)
    }
    #expect(seen.count == 10)
  }
}
