package import Catalogue

/// What a kit shows: the views that BI tools may read, and the figures and lists in them.
package struct KitContents: Sendable {
  /// One subject of a dashboard: `settlement`.
  package struct Subject: Sendable {
    package let name: String
    package let figures: [Figure]
    /// Views that are shown as rows: those of a KPI that is no single figure.
    package let lists: [PublishedView]

    /// The name for people.
    package var title: String { name.prefix(1).uppercased() + name.dropFirst() }
  }

  /// The views, by name.
  package let views: [PublishedView]
  /// The subjects, by name.
  package let subjects: [Subject]

  /// The role whose views are shown.
  package static let role = "bi"

  /// Chooses from a catalogue; everything is ordered by name, so that a kit made twice is the same.
  package init(_ catalogue: Catalogue) {
    views = catalogue.views.values.filter { $0.readers.contains(Self.role) }
      .sorted { $0.name < $1.name }
    let known = Dictionary(views.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let kpis = catalogue.kpis.values.sorted { $0.name < $1.name }
    let figures = kpis.compactMap { kpi in known[kpi.view].flatMap { Figure(kpi, in: $0) } }
    let listed = Set(kpis.filter { !$0.isOneColumn }.map(\.view))
    // No list names single customers or accounts unasked, masked or not.
    let lists = views.filter { listed.contains($0.name) && !$0.isPersonal }
    let names = Set(figures.map(\.view.family)).union(lists.map(\.family)).sorted()
    subjects = names.map { name in
      Subject(
        name: name, figures: figures.filter { $0.view.family == name },
        lists: lists.filter { $0.family == name })
    }
  }

  /// The figures of a view.
  package func figures(of view: PublishedView) -> [Figure] {
    subjects.flatMap(\.figures).filter { $0.view.name == view.name }
  }
}
