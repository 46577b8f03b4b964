import PayopsCore
import Testing

@testable import Simulation

@Suite("Plausibility of generated data")
struct PlausibilityTests {
  private let sample = Sample.usual

  @Test("payments come in time order within the period")
  func timeOrder() {
    #expect(zip(sample.payments, sample.payments.dropFirst()).allSatisfy { $0.second <= $1.second })
    #expect(sample.payments.first.map { $0.second >= sample.plan.startSecond } == true)
    #expect(sample.payments.last.map { $0.second < sample.plan.endSecond } == true)
  }

  @Test("each balance follows from the one before")
  func balances() {
    var balances = sample.plan.population.openingCents
    var failures = 0
    for payment in sample.payments {
      if payment.isEffective {
        balances[Int(payment.account)] += payment.type.isIncoming ? payment.cents : -payment.cents
      }
      if balances[Int(payment.account)] != payment.balanceAfter { failures += 1 }
    }
    #expect(failures == 0)
    #expect(balances.count { $0 < 0 } * 10 < balances.count)
  }

  @Test("states occur as often as they should")
  func statuses() {
    func share(_ status: PaymentStatus) -> Double { sample.share { $0.status == status } }
    #expect((0.92...0.955).contains(share(.completed)))
    #expect((0.025...0.04).contains(share(.denied)))
    #expect((0.008...0.016).contains(share(.failed)))
    for status in [PaymentStatus.reversed, .refunded, .cancelled] {
      #expect((0.002...0.012).contains(share(status)))
    }
    #expect((0.0002...0.002).contains(share(.chargedBack)))
    #expect((0.0003...0.003).contains(sample.share { $0.status.isOpen }))
    let old = sample.payments.filter {
      $0.status.isOpen && $0.second < sample.plan.endSecond - 2 * 3600
    }
    #expect((20...160).contains(old.count))
  }

  @Test("response codes fit the state")
  func responseCodes() {
    let business = Set(ResponseCode.businessDeclines.map(\.code))
    let technical = Set(ResponseCode.technicalDeclines.map(\.code))
    let failures = sample.payments.count { payment in
      switch payment.status {
      case .denied: !business.contains(payment.responseCode)
      case .failed: !technical.contains(payment.responseCode)
      case .created, .pending, .cancelled: payment.responseCode != ResponseCode.none
      default: payment.responseCode != ResponseCode.approved
      }
    }
    #expect(failures == 0)
  }

  @Test("merchants are busy by day, at weekends and before Christmas")
  func seasonality() {
    let cards = sample.payments.filter { $0.type == .cardPayment }
    func count(_ hours: ClosedRange<Int>) -> Int {
      cards.count { hours.contains($0.second / 3600 % 24) }
    }
    #expect(count(10...17) > 8 * count(1...3))
    let byDay = Dictionary(grouping: sample.payments) { $0.second / 86_400 }.mapValues(\.count)
    func day(_ text: String) -> Int {
      CivilDate(text).flatMap { byDay[$0.daysSinceEpoch] } ?? 0
    }
    // Christmas Day 2025 was a Thursday, as were 18 December and 8 January.
    #expect(day("2025-12-25") * 10 < day("2025-12-18") * 7)
    #expect(day("2025-12-25") * 10 < day("2026-01-08") * 8)
    let cardsByDay = Dictionary(grouping: cards) { $0.second / 86_400 }.mapValues(\.count)
    let weekdays = cardsByDay.filter { CivilDate.weekday(daysSinceEpoch: $0.key) == 1 }.values
    let saturdays = cardsByDay.filter { CivilDate.weekday(daysSinceEpoch: $0.key) == 5 }.values
    #expect(
      saturdays.reduce(0, +) * weekdays.count * 10 > weekdays.reduce(0, +) * saturdays.count * 10)
  }

  @Test("a few accounts have much of the volume")
  func heavyTail() {
    var counts = [Int](repeating: 0, count: sample.plan.population.accountCount)
    for payment in sample.payments { counts[Int(payment.account)] += 1 }
    counts.sort(by: >)
    let top = counts.prefix(counts.count / 10).reduce(0, +)
    #expect((0.35...0.8).contains(Double(top) / Double(sample.payments.count)))
  }

  @Test("most payments are in EUR, UPI is in INR")
  func currencies() {
    #expect((0.80...0.90).contains(sample.share { $0.currency == .eur }))
    #expect(Set(sample.payments.map(\.currency)).count == Currency.allCases.count)
    let upi = sample.payments.filter { $0.type == .upiMerchant || $0.type == .upiPerson }
    #expect(upi.allSatisfy { $0.currency == .inr })
    let merchants = Double(upi.count { $0.type == .upiMerchant }) / Double(upi.count)
    #expect((0.6...0.74).contains(merchants))
  }

  @Test("amounts are log-normal by merchant category")
  func amounts() throws {
    for category in [0, 1, 6] {
      let logs = sample.payments.filter {
        $0.type == .cardPayment && $0.category == UInt8(category) && $0.currency == .eur
      }.map { PortableMath.log(Double($0.cents) / 100) }.sorted()
      try #require(logs.count > 500)
      let mean = logs.reduce(0, +) / Double(logs.count)
      let median = logs[logs.count / 2]
      let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count)
      let expected = MerchantCategory.all[category]
      // The factor of the account (sigma 0.35) widens the distribution.
      #expect(
        abs(variance.squareRoot() - (expected.sigma * expected.sigma + 0.1225).squareRoot()) < 0.12)
      #expect(abs(mean - median) < 0.08)
      #expect(abs(median - PortableMath.log(expected.median)) < 0.25)
    }
  }

  @Test("a retried payment is not final and has a later attempt of its order")
  func retries() {
    let byOrder = Dictionary(grouping: sample.payments.filter { $0.order >= 0 }, by: \.order)
    #expect(byOrder.count > 500)
    for attempts in byOrder.values {
      let own = attempts.filter { $0.answer < 0 }
      #expect(own.dropLast().allSatisfy { !$0.isFinalAttempt })
      #expect(own.last?.isFinalAttempt == true)
      #expect(own.dropLast().allSatisfy { $0.status == .denied || $0.status == .failed })
    }
    #expect(sample.payments.allSatisfy { $0.isFinalAttempt || $0.order >= 0 })
  }

  @Test("settlements follow the lag of their rail, few are late or fail")
  func settlements() {
    let settlements = sample.settlements
    #expect(settlements.count > 30_000)
    #expect(settlements.allSatisfy { ($0.settledSecond ?? .max) > $0.acceptedSecond })
    #expect(settlements.allSatisfy { ($0.status == .pending) == ($0.settledSecond == nil) })
    let failed = Double(settlements.count { $0.status == .failed }) / Double(settlements.count)
    #expect((0.002...0.006).contains(failed))
    for rail in Rail.allCases where rail != .sepaTransfer && rail != .ach {
      let ours = settlements.filter { $0.rail == rail && $0.status == .settled }
      let lag = Rail.nominalLagDays[Int(rail.rawValue)]
      let late = ours.count {
        ($0.settledSecond ?? 0) > $0.acceptedSecond + (lag == 0 ? 10 : lag * 86_400)
      }
      let share = Double(late) / Double(max(1, ours.count))
      #expect(share < 0.25, "rail \(rail)")
      if rail != .wire { #expect(share > 0.002, "rail \(rail)") }
    }
    let young = settlements.filter {
      $0.rail == .card && $0.acceptedSecond > Sample.end.secondsSinceEpoch - 3600
    }
    #expect(young.allSatisfy { $0.status == .pending })
  }
}
