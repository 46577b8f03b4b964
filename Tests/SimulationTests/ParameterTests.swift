import Testing

@testable import Simulation

@Suite("Parameters of a simulation")
struct ParameterTests {
  @Test("a simulation plants exactly the kinds requested, and some of each by default")
  func planted() throws {
    let kind = try #require(TypologyKind.allCases.first)
    let incident = try #require(IncidentKind.allCases.first)
    let asked = SimulationParameters(
      transactions: 1000, days: 12, end: Sample.end, seed: 1, customers: 100,
      incidents: [incident: 2], typologies: [kind: 3])
    for each in TypologyKind.allCases { #expect(asked.count(of: each) == (each == kind ? 3 : 0)) }
    for each in IncidentKind.allCases {
      #expect(asked.count(of: each) == (each == incident ? 2 : 0))
    }
    for (transactions, count) in [(1000, 1), (300_000, 2), (10_000_000, 40)] {
      let usual = SimulationParameters(
        transactions: transactions, days: 12, end: Sample.end, seed: 1, customers: 100)
      for each in TypologyKind.allCases { #expect(usual.count(of: each) == count) }
      for each in IncidentKind.allCases { #expect(usual.count(of: each) == 1) }
    }
  }

  @Test("a registered run gives back what it was asked for, so that live payments continue it")
  func stored() throws {
    for (isOpen, growth) in [(true, 5.0), (false, 1), (true, 1), (false, 0.5)] {
      let asked = SimulationParameters(
        transactions: 1000, days: 12, end: Sample.end, seed: 7, customers: 100,
        recentIncidents: true, hasOpenIncident: isOpen, growth: growth, cardSettlementPct: 30)
      let text = SimulationRun(end: Sample.end).json(parameters: asked)
      let found = try #require(SimulationParameters(stored: text))
      #expect(found.checksum == asked.checksum)
    }
  }
}
