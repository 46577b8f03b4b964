import Foundation
import PayopsCore
import Testing

@Suite("Account numbers, checksums, counts, elementary functions")
struct CoreValueTests {
  @Test("published example IBANs are accepted, damaged ones refused")
  func publishedNumbers() {
    for number in [
      "DE89370400440532013000", "GB29NWBK60161331926819", "AT611904300234573201",
      "PL61109010140000071219812874", "NL91ABNA0417164300", "CH9300762011623852957",
    ] {
      #expect(IBAN.isValid(number))
    }
    #expect(!IBAN.isValid("DE89370400440532013001"))
    #expect(!IBAN.isValid("DE8937040044053201300"))
    #expect(!IBAN.isValid("XX89370400440532013000"))
  }

  @Test("random IBANs of every country are valid, and none contains a card number")
  func randomNumbers() throws {
    var random = SeededRandom(seed: 3)
    for country in IBAN.structures.keys.sorted() {
      for _ in 0..<200 {
        let number = try #require(IBAN.random(country: country, using: &random))
        #expect(IBAN.isValid(String(decoding: number, as: UTF8.self)))
        #expect(!Luhn.containsCardNumber(number))
      }
    }
  }

  @Test("a card number is found among other text")
  func cardNumbers() {
    #expect(Luhn.containsCardNumber(Array("pay 4111111111111111 now".utf8)))
    #expect(!Luhn.containsCardNumber(Array("pay 4111111111111112 now".utf8)))
    #expect(!Luhn.containsCardNumber(Array("411111111111".utf8)))
  }

  @Test("FNV-1a 64 equals published values")
  func checksum() {
    #expect(FNV1a64.hexadecimal(of: "") == "cbf29ce484222325")
    #expect(FNV1a64.hexadecimal(of: "a") == "af63dc4c8601ec8c")
    #expect(FNV1a64.hexadecimal(of: "foobar") == "85944171f73967e8")
  }

  @Test("writes bytes as hexadecimal digits, and reads them back in either case")
  func hexadecimal() {
    #expect(Hexadecimal.text([0, 0x0f, 0xa0, 0xff]) == "000fa0ff")
    #expect(Hexadecimal.bytes("000fA0ff") == [0, 0x0f, 0xa0, 0xff])
    #expect(Hexadecimal.bytes("") == [])
    for text in ["0", "0g", "０0", " 0", "0x00"] { #expect(Hexadecimal.bytes(text) == nil) }
  }

  @Test(
    "counts are read as people type them",
    arguments: [
      ("10M", 10_000_000), ("120k", 120_000), ("1.5M", 1_500_000), ("7", 7), ("1_000", 1000),
    ])
  func counts(_ text: String, _ count: Int) {
    #expect(CountText.parse(text) == count)
  }

  @Test(
    "a text that is not a count is refused",
    arguments: ["", "k", "-1", "1.5", "1.2345k", "10 M", "99999999999G"])
  func noCounts(_ text: String) {
    #expect(CountText.parse(text) == nil)
  }

  @Test("exponential, logarithm and normal quantile are right")
  func functions() {
    #expect(abs(PortableMath.exp(1) - 2.718281828459045) < 1e-14)
    #expect(abs(PortableMath.exp(-20) / 2.061153622438558e-09 - 1) < 1e-13)
    #expect(abs(PortableMath.log(10) - 2.302585092994046) < 1e-14)
    #expect(abs(PortableMath.normalQuantile(0.975) - 1.959963984540054) < 1e-7)
    #expect(abs(PortableMath.normalQuantile(0.001) + 3.090232306167813) < 1e-7)
    #expect(PortableMath.normalQuantile(0.5) == 0)
  }

  @Test("exponential and logarithm equal those of the C library over their whole range")
  func range() {
    for step in -7000...7000 {
      let x = Double(step) / 10
      #expect(abs(PortableMath.exp(x) / Foundation.exp(x) - 1) < 1e-13, "\(x)")
      let power = Foundation.exp(x)
      #expect(abs(PortableMath.log(power) - Foundation.log(power)) < 1e-12, "\(x)")
      #expect(
        abs(
          PortableMath.log(1 + Double(step + 7000) / 1000)
            - Foundation.log(1 + Double(step + 7000) / 1000)) < 1e-14 * 4)
    }
    #expect(PortableMath.exp(700.5) == .greatestFiniteMagnitude)
    #expect(PortableMath.exp(-700.5) == 0)
    #expect(PortableMath.log(0) == -.infinity && PortableMath.log(-1) == -.infinity)
    #expect(PortableMath.log(.infinity) == .infinity)
  }

  @Test("the normal quantile is the inverse of the distribution function")
  func quantile() {
    for step in 1...999 {
      let share = Double(step) / 1000
      let x = PortableMath.normalQuantile(share)
      #expect(abs(Foundation.erfc(-x / 2.0.squareRoot()) / 2 - share) < 1e-7, "\(share)")
    }
  }
}
