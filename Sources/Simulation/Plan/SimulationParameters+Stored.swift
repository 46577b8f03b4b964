internal import Foundation
internal import PayopsCore

extension SimulationParameters {
  /// The JSON of ``SimulationRun/json(parameters:)``, as far as it tells the parameters.
  private struct Stored: Decodable {
    let transactions: Int
    let days: Int
    let seed: UInt64
    let customers: Int
    let incidents: [String: Int]
    let typologies: [String: Int]
    let end: String
    let recentIncidents: Bool
    let cardSettlementPct: Int
    /// Only where they were asked for.
    let openIncident: Bool?
    let growth: Double?

    enum CodingKeys: String, CodingKey {
      case transactions, days, seed, customers, incidents, typologies, end
      case recentIncidents = "recent_incidents"
      case cardSettlementPct = "card_settlement_pct"
      case openIncident = "open_incident"
      case growth
    }
  }

  /// Reads the parameters of a registered run.
  ///
  /// - Parameter text: its column `parameters` of `simulation_runs`; nil when it cannot be read
  init?(stored text: String) {
    guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8)),
      let end = CivilInstant(stored.end)
    else { return nil }
    func counts<Kind: RawRepresentable<String> & Hashable>(_ names: [String: Int]) -> [Kind: Int] {
      Dictionary(
        names.compactMap { name, count in Kind(rawValue: name).map { ($0, count) } },
        uniquingKeysWith: { first, _ in first })
    }
    self.init(
      transactions: stored.transactions, days: stored.days, end: end, seed: stored.seed,
      customers: stored.customers, incidents: counts(stored.incidents),
      typologies: counts(stored.typologies), recentIncidents: stored.recentIncidents,
      hasOpenIncident: stored.openIncident ?? false, growth: stored.growth ?? 1,
      cardSettlementPct: stored.cardSettlementPct)
  }
}
