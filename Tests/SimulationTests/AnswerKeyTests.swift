import PayopsCore
import Testing

@testable import Simulation

@Suite("Planted events")
struct AnswerKeyTests {
  private let sample = Sample.usual

  private func incident(_ kind: IncidentKind) throws -> Incident {
    try #require(sample.plan.incidents.first { $0.kind == kind })
  }

  private func share(_ payments: [Payment], _ condition: (Payment) -> Bool) -> Double {
    Double(payments.count(where: condition)) / Double(max(1, payments.count))
  }

  @Test("there is one incident of each kind, none in the last day")
  func incidents() {
    #expect(Set(sample.plan.incidents.map(\.kind)).count == IncidentKind.allCases.count)
    #expect(sample.plan.incidents.allSatisfy { $0.endSecond < sample.plan.endSecond - 86_400 })
    #expect(Set(sample.plan.typologies.map(\.kind)).count == TypologyKind.allCases.count)
    #expect(sample.plan.answers.count == 15)
  }

  @Test("an outage fails the payments of its acquirer and no other")
  func outage() throws {
    let incident = try incident(.acquirerOutage)
    let during = sample.payments.filter { incident.contains($0.second) && $0.order < 0 }
    let hit = during.filter { $0.acquirer.rawValue == incident.member }
    try #require(!hit.isEmpty)
    #expect(share(hit) { $0.status == .failed } > 0.45)
    #expect(
      share(during.filter { $0.acquirer.rawValue != incident.member }) { $0.status == .failed }
        < 0.2)
  }

  @Test("in larger data each incident shows with its strength")
  func strength() throws {
    let dense = Sample(
      SimulationParameters(transactions: 200_000, days: 6, end: Sample.end, seed: 5))
    for incident in dense.plan.incidents {
      let during = dense.payments.filter { incident.contains($0.second) && $0.answer < 0 }
      let before = dense.payments.filter {
        incident.contains($0.second + 86_400) && $0.answer < 0
      }
      switch incident.kind {
      case .acquirerOutage:
        let hit = during.filter { $0.acquirer.rawValue == incident.member }
        #expect(share(hit) { $0.status == .failed } > 0.5)
      case .declineSpike:
        let hit = during.filter { $0.scheme.rawValue == incident.member }
        #expect(share(hit) { $0.status == .denied } > 0.22)
      case .latencyCreep:
        let hit = during.filter { $0.channel.rawValue == incident.member && $0.durationMs >= 0 }
        let late = hit.suffix(hit.count / 4).map { Int($0.durationMs) }.sorted()
        let median = late.isEmpty ? 0 : late[late.count / 2]
        #expect(Double(median) > 2.5 * Channel.medianLatencyMs[Int(incident.member)])
      case .volumeDrop:
        #expect(during.count * 2 < before.count)
      case .duplicatePosting:
        var seen = Set<[Int]>()
        let twice = during.count {
          !seen.insert([Int($0.account), $0.cents, Int($0.type.rawValue)]).inserted
        }
        #expect(Double(twice) > 0.1 * Double(during.count))
      case .settlementStall:
        let settled = dense.settlements.filter {
          $0.rail.rawValue == incident.member && incident.contains($0.settledSecond ?? 0)
        }
        #expect(settled.isEmpty)
      }
    }
  }

  @Test("structuring stays below the threshold and adds up to more")
  func structuring() throws {
    let found = try #require(sample.payments(of: .structuring).first)
    #expect(found.payments.count >= 5)
    #expect(found.payments.allSatisfy { $0.cents < 1_000_000 && $0.type == .cashDeposit })
    #expect(found.payments.reduce(0) { $0 + $1.cents } > 3_000_000)
  }

  @Test("a cycle returns to its first account with about the same amount")
  func cycle() throws {
    let found = try #require(sample.payments(of: .cycle).first)
    let hops = found.payments.filter { $0.type == .transfer }
    #expect((3...6).contains(hops.count))
    for (hop, next) in zip(hops, hops.dropFirst()) {
      #expect(hop.counterpartyAccount == next.account)
    }
    let first = try #require(hops.first)
    let last = try #require(hops.last)
    #expect(last.counterpartyAccount == first.account)
    #expect(last.cents * 10 >= first.cents * 9)
  }

  @Test("a fan-in or fan-out has more than twenty parties within a day")
  func fans() throws {
    let fanIn = try #require(sample.payments(of: .fanIn).first)
    let senders = Set(fanIn.payments.filter { $0.type == .transfer }.map(\.account))
    #expect(senders.count > 20)
    #expect(fanIn.typology.endSecond - fanIn.typology.startSecond < 86_400)
    let fanOut = try #require(sample.payments(of: .fanOut).first)
    #expect(
      Set(fanOut.payments.filter { $0.type == .transfer }.map(\.counterpartyAccount)).count > 20)
  }

  @Test("money goes through a scatter-gather, a mule and a rapid in and out")
  func passing() throws {
    let scatter = try #require(sample.payments(of: .scatterGather).first)
    let out = Set(
      scatter.payments.filter { $0.type == .transfer && $0.account == scatter.typology.account }
        .map(\.counterpartyAccount))
    let gathered = scatter.payments.filter {
      $0.type == .transfer && $0.account != scatter.typology.account
    }
    #expect(Set(gathered.map(\.account)) == out)
    #expect(Set(gathered.map(\.counterpartyAccount)).count == 1)
    for kind in [TypologyKind.rapidInOut, .mule] {
      let found = try #require(sample.payments(of: kind).first)
      let arrived = found.payments.filter(\.type.isIncoming).reduce(0) { $0 + $1.cents }
      let left = found.payments.filter { !$0.type.isIncoming }.reduce(0) { $0 + $1.cents }
      #expect((80...99).contains(left * 100 / arrived))
    }
  }

  @Test("a reactivated account was idle, a taken-over one had failed logins first")
  func accounts() throws {
    let dormant = try #require(sample.payments(of: .dormantReactivation).first)
    let all = sample.payments.filter { $0.account == dormant.typology.account }
    #expect(all.count == dormant.payments.count)
    let takeover = try #require(sample.payments(of: .accountTakeover).first)
    let logins = takeover.typology.logins
    #expect(logins.count { !$0.isSuccess } >= 6)
    #expect(logins.last?.isSuccess == true)
    let success = try #require(logins.last)
    #expect(
      takeover.payments.allSatisfy { (success.second...success.second + 3600).contains($0.second) })
  }
}
