"use strict";
// Draws the table of a figure as a chart. The table stays: it is what the chart says, and all there is
// without JavaScript.
(() => {
  const LIGHT = {
    series: ["#1f5a94", "#8a5300", "#1d6b43", "#5d4b8a", "#a32a22", "#56616d"],
    ink: "#1d2733",
    quiet: "#56616d",
    line: "#dde2e8",
    size: 12,
  };
  const DARK = {
    series: ["#5aa9f7", "#f2b23e", "#4fd08f", "#c0a5ff", "#ff8f84", "#b9c6d4"],
    ink: "#f2f7fc",
    quiet: "#b9c9da",
    line: "#2b4463",
    size: 16,
  };
  const ROW_PIXELS = 34;
  const WALL_ROWS = 12;
  const AXIS_PIXELS = 66;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const dark = () => document.body.dataset.theme === "dark";

  const text = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
  const address = (cell) => cell.querySelector("a")?.getAttribute("href") ?? "";

  function read(figure) {
    const table = figure.querySelector("table");
    const drawn = [...table.tHead.rows[0].cells].flatMap((cell, place) => ("drawn" in cell.dataset ? [place] : []));
    const rows = [...table.tBodies[0].rows].map((row) => ({
      name: text(row.cells[0]),
      href: address(row.cells[0]),
      cells: drawn.map((place) => {
        const cell = row.cells[place];
        const value = cell.dataset.value;
        return {
          value: value === undefined ? null : Number(value),
          told: text(cell),
          href: address(cell) || address(row.cells[0]),
        };
      }),
    }));
    return { rows, names: drawn.map((place) => text(table.tHead.rows[0].cells[place])) };
  }

  const point = (cell, row) => ({ value: cell.value, told: cell.told, href: cell.href, name: row.name });

  function bars(data, theme, { stacked, percent }) {
    const rows = (dark() ? data.rows.slice(0, WALL_ROWS) : [...data.rows]).reverse();
    const limit = percent ? { max: 100 } : {};
    return {
      grid: { left: 8, right: stacked ? 24 : 80, top: data.names.length > 1 ? 34 : 8, bottom: 8, containLabel: true },
      legend: { show: data.names.length > 1, top: 0, textStyle: { color: theme.ink, fontSize: theme.size } },
      xAxis: {
        type: "value",
        ...limit,
        minInterval: 1,
        axisLabel: { color: theme.quiet, fontSize: theme.size, formatter: percent ? "{value}%" : undefined, hideOverlap: true },
        splitLine: { lineStyle: { color: theme.line } },
      },
      yAxis: {
        type: "category",
        data: rows.map((row) => row.name),
        axisLabel: { color: theme.ink, fontSize: theme.row, width: 150, overflow: "truncate", interval: 0 },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: theme.line } },
      },
      series: data.names.map((name, place) => ({
        name,
        type: "bar",
        stack: stacked ? "all" : undefined,
        barMaxWidth: 22,
        label: {
          show: !stacked,
          position: "right",
          color: theme.ink,
          fontSize: theme.size,
          formatter: ({ data: { told } }) => told,
        },
        data: rows.map((row) => point(row.cells[place], row)),
      })),
    };
  }

  function funnel(data, theme) {
    const most = Math.max(1, ...data.rows.map((row) => row.cells[0].value ?? 0));
    return {
      series: [
        {
          type: "funnel",
          sort: "none",
          min: 0,
          max: most,
          minSize: "6%",
          left: "4%",
          width: "60%",
          top: 8,
          bottom: 8,
          gap: 3,
          label: {
            position: "right",
            color: theme.ink,
            fontSize: theme.size,
            formatter: ({ data: { name, told } }) => `${name} ${told}`,
          },
          labelLine: { lineStyle: { color: theme.quiet } },
          itemStyle: { borderWidth: 0 },
          data: data.rows.map((row) => point(row.cells[0], row)),
        },
      ],
    };
  }

  function line(data, theme, { percent }) {
    return {
      grid: { left: 8, right: 30, top: 30, bottom: 8, containLabel: true },
      xAxis: {
        type: "category",
        data: data.rows.map((row) => row.name),
        axisLabel: { color: theme.ink, fontSize: theme.size, hideOverlap: true },
        axisLine: { lineStyle: { color: theme.line } },
      },
      yAxis: {
        type: "value",
        max: percent ? 100 : undefined,
        axisLabel: { color: theme.quiet, fontSize: theme.size, formatter: percent ? "{value}%" : undefined },
        splitLine: { lineStyle: { color: theme.line } },
      },
      series: data.names.map((name, place) => ({
        name,
        type: "line",
        symbolSize: 10,
        lineStyle: { width: 3 },
        label: { show: true, position: "top", color: theme.ink, fontSize: theme.size, formatter: ({ data: { told } }) => told },
        data: data.rows.map((row) => point(row.cells[place], row)),
      })),
    };
  }

  const SHAPES = {
    bars: (data, theme, options) => bars(data, theme, options),
    stack: (data, theme, options) => bars(data, theme, { ...options, stacked: true }),
    shares: (data, theme, options) => bars(data, theme, { ...options, stacked: true }),
    funnel,
    line,
  };

  function height(shape, data) {
    return shape === "bars" || shape === "stack" || shape === "shares"
      ? Math.max(120, 56 + ROW_PIXELS * data.rows.length)
      : 300;
  }

  function draw(figure) {
    const table = figure.querySelector(".chart-table");
    if (!window.echarts || !table || figure.querySelector(".picture")) {
      return;
    }
    const data = read(figure);
    const theme = { ...(dark() ? DARK : LIGHT) };
    const shape = figure.dataset.chart;
    if (!data.rows.some((row) => row.cells.some((cell) => cell.value))) {
      return;
    }
    const picture = document.createElement("div");
    picture.className = "picture";
    if (!dark()) {
      picture.style.height = `${height(shape, data)}px`;
    }
    table.before(picture);
    table.removeAttribute("open");
    figure.classList.add("drawn");
    // A small wall has little room for each row's name.
    const room = (picture.clientHeight - AXIS_PIXELS) / Math.min(WALL_ROWS, data.rows.length);
    theme.row = dark() ? Math.max(9, Math.min(theme.size, Math.floor(room))) : theme.size;
    const chart = window.echarts.init(picture, null, { renderer: "canvas" });
    chart.setOption({
      animation: !still && !dark(),
      color: theme.series,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      aria: {
        enabled: true,
        label: { description: `${text(figure.querySelector("h2"))}: ${spoken(data)}` },
        decal: { show: data.names.length > 1 },
      },
      tooltip: {
        renderMode: "richText",
        confine: true,
        formatter: ({ seriesName, data: { name, told } }) =>
          data.names.length > 1 ? `${name}\n${seriesName}: ${told}` : `${name}: ${told}`,
      },
      ...SHAPES[shape](data, theme, { percent: "percent" in figure.dataset }),
    });
    chart.on("click", ({ data: { href } }) => {
      if (href) {
        window.location.assign(href);
      }
    });
    new ResizeObserver(() => chart.resize()).observe(picture);
  }

  function spoken(data) {
    return data.rows.map((row) => `${row.name} ${row.cells.map((cell) => cell.told).join(", ")}`).join("; ");
  }

  const drawAll = (place) => place.querySelectorAll("figure[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
  document.addEventListener("keydown", (event) => {
    const way = document.querySelector("[data-leave]");
    if (event.key === "Escape" && way && !document.fullscreenElement) {
      window.location.assign(way.href);
    }
  });
})();
