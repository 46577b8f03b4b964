import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Simulation

@Suite("Rows as text")
struct RowTests {
  private func text(_ write: (RowBuffer) -> Void, separator: UInt8 = 0x09) -> String {
    let buffer = RowBuffer(separator: separator)
    buffer.beginRow()
    write(buffer)
    buffer.endRow()
    return String(decoding: buffer.written, as: UTF8.self)
  }

  @Test("states are those of the catalogue, in its order")
  func states() {
    #expect(
      PaymentStatus.allCases.map { "\($0)" } == PaymentState.allCases.map { "\($0)" })
    #expect(PaymentStatus.names.text(9) == PaymentState.chargedBack.rawValue)
  }

  @Test("numbers, amounts and times are written as SQL reads them")
  func cells() {
    #expect(
      text {
        $0.integer(0)
        $0.integer(-42)
        $0.integer(.max)
      } == "0\t-42\t9223372036854775807\n")
    #expect(
      text {
        $0.hundredths(5)
        $0.hundredths(-5)
        $0.hundredths(-12_345)
      } == "0.05\t-0.05\t-123.45\n")
    #expect(
      text {
        $0.tenThousandths(1)
        $0.tenThousandths(-123_456)
      } == "0.0001\t-12.3456\n")
    #expect(
      text {
        $0.time(1_709_251_198)
        $0.time(1_709_251_198, milliseconds: 2007)
      }
        == "2024-02-29 23:59:58\t2024-03-01 00:00:00.007\n")
    #expect(
      text {
        $0.null()
        $0.date(0)
      } == "\\N\t1970-01-01\n")
  }

  @Test("texts are escaped for their format")
  func escaping() {
    #expect(text { $0.text("a\tb\\c\nd") } == "a\\\tb\\\\c\\\nd\n")
    #expect(
      text(
        {
          $0.text("a,\"b\"")
          $0.null()
          $0.text("Łódź")
        }, separator: 0x2C) == "\"a,\"\"b\"\"\",,Łódź\n")
  }

  @Test("amounts convert as SQL does: half away from zero at four places")
  func conversion() {
    var rates = ExchangeRates()
    rates.add(currency: "PLN", from: CivilDate(year: 2020, month: 1, day: 1), rate: "0.230450000")
    rates.add(currency: "PLN", from: CivilDate(year: 2024, month: 1, day: 1), rate: "0.25")
    let day = CivilDate(year: 2023, month: 6, day: 1).daysSinceEpoch
    #expect(rates.baseAmount(cents: 1, currency: .pln, day: day) == 23)
    #expect(rates.baseAmount(cents: 10, currency: .pln, day: day) == 230)
    #expect(rates.baseAmount(cents: 30, currency: .pln, day: day) == 691)
    #expect(rates.baseAmount(cents: 100, currency: .pln, day: day - 5000) == 2305)
    #expect(rates.baseAmount(cents: 100, currency: .pln, day: day + 400) == 2500)
    #expect(rates.baseAmount(cents: 100, currency: .chf, day: day) == nil)
    #expect(rates.baseAmount(cents: 100, currency: .eur, day: day) == 10_000)
  }

  @Test("no cell of any table looks like the number of a payment card")
  func noCardNumbers() {
    let plan = Sample.usual.plan
    let buffer = RowBuffer()
    let payments = PaymentFormat(plan: plan)
    for payment in Sample.usual.payments.suffix(15_000) { payments.write(payment, to: buffer) }
    let customers = CustomerFormat(
      plan: plan, firstCustomerId: 1, firstLocationId: 1, firstAccountId: 1)
    for customer in 0..<plan.population.customerCount {
      customers.writeCustomer(customer, to: buffer)
      customers.writeLocation(customer, to: buffer)
    }
    for account in 0..<plan.population.accountCount {
      customers.writeAccount(account, cents: 0, to: buffer)
      customers.writeHandle(account, to: buffer)
    }
    #expect(buffer.count > 3_000_000)
    let found = Luhn.containsCardNumber(Array(buffer.written))
    #expect(!found)
  }

  @Test("account numbers are valid, unique and not those of another run")
  func accountNumbers() {
    func numbers(_ seed: UInt64) -> [String] {
      let parameters = SimulationParameters(transactions: 5000, end: Sample.end, seed: seed)
      let population = Population(parameters: parameters, normal: NormalTable())
      return (0..<population.accountCount).map { population.accountNumbers.text($0) }.filter {
        !$0.isEmpty
      }
    }
    let first = numbers(1)
    #expect(first.count > 2000)
    #expect(first.allSatisfy { IBAN.isValid($0) })
    #expect(Set(first).count == first.count)
    #expect(Set(first).isDisjoint(with: numbers(2)))
  }

  @Test("an export has a header and one line for each payment")
  func export() throws {
    var lines = 0
    var header: [UInt8] = []
    let parameters = SimulationParameters(transactions: 3000, days: 10, end: Sample.end)
    try SimulationExport(parameters: parameters).writePayments(now: Sample.end) { bytes in
      if header.isEmpty { header = Array(bytes.prefix { $0 != 0x0A }) }
      lines += bytes.count { $0 == 0x0A }
    }
    #expect(lines == 3001)
    #expect(String(decoding: header, as: UTF8.self) == PaymentFormat.columns.joined(separator: ","))
  }

  @Test("rows become lists of SQL values that a server reads back unchanged")
  func valueLists() async throws {
    let texts: [String?] = [
      nil, "", "O'Hara", "a\tb", "a\nb", "ends in \\", "\\'", "\\N", "Zürich 🏦",
    ]
    let buffer = RowBuffer()
    #expect(buffer.valueLists() == "")
    for (number, text) in texts.enumerated() {
      buffer.beginRow()
      buffer.integer(number)
      buffer.text(text)
      buffer.endRow()
    }
    let lists = buffer.valueLists()
    #expect(lists.hasPrefix("('0',NULL),('1',''),('2','O''Hara'),"))
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute(
        "CREATE TABLE texts (place INT PRIMARY KEY, value VARCHAR(40)) CHARACTER SET utf8mb4")
      try await connection.execute("INSERT INTO texts (place, value) VALUES " + lists)
      let found = try await connection.query("SELECT value FROM texts ORDER BY place").rows
      #expect(found.map { $0.values[0] } == texts)
    }
  }
}
