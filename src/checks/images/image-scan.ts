import type { ImageScanData } from '../../evidence/bundle.ts';
import { type UsedImage, images } from '../../facts/images.ts';
import { imageScans } from '../../facts/image-scans.ts';
import { addDays } from '../../model/time.ts';
import { defineCheck, type Target } from '../define-check.ts';

type ImageTarget = Target & { readonly image: UsedImage };

export const imageScan = defineCheck({
  id: 'image-scan',
  gate: 'images',
  level: 'high',
  title: 'Every image was scanned lately and has no serious vulnerability',
  rationale:
    'A known vulnerability in an image is the way in that needs no skill; a report about another image of the same name hides it.',
  remedy: 'scan-images',
  references: ['https://trivy.dev/latest/docs/', 'https://github.com/anchore/grype'],
  decidedBy: 'evidence',
  attestable: false,
  whenToWaive: 'A vulnerability in code that the image never runs, with the proof and a date to look again.',
  needs: { images, imageScans },
  parameters: { maxAgeDays: 7, critical: 0, high: 0 },
  stricter: { maxAgeDays: 'lower', critical: 'lower', high: 'lower' },
  messages: {
    'not-pinned': '{image} is named by tag, so no report can be about it. Pin it by digest.',
    'no-report': 'No scanner report is about {image}{unread}.',
    'not-whole': 'The report {path} about {image} is not whole: {problem}.',
    undated: 'The report {path} about {image} says no time, so its age is not known.',
    future: 'The report {path} about {image} is dated {scannedAt}, after this review.',
    stale: 'The newest report about {image} is of {scannedAt}; it may be {days} days old.',
    vulnerable:
      '{image} has {critical} critical and {high} high vulnerabilities ({tool}, {path}); {allowedCritical} and {allowedHigh} are allowed.',
    clean: '{image} was scanned at {scannedAt} by {tool}: {critical} critical, {high} high.',
  },
  looksFor: ['*'],
  *targets({ images }): Generator<ImageTarget> {
    for (const image of images.images) {
      const [{ workload, container }] = image.uses;
      yield { ref: image.ref, object: workload.object, path: [...container.path, 'image'], image };
    }
  },
  assess({ image: { name: image, digest } }, { imageScans, asOf, parameters }, say) {
    if (digest === undefined) return say.unknown('not-pinned', { image });
    const reports = imageScans.about(digest);
    const [newest] = reports;
    if (newest === undefined) {
      const [unread] = imageScans.unread;
      return say.unknown('no-report', {
        image,
        unread: unread === undefined ? '' : `; ${unread.source} could not be used (${unread.reason})`,
      });
    }
    // The newest of each tool counts, of whatever age: a vulnerability does not leave an image that cannot change.
    const newestOfTool = [...new Map([...reports].reverse().map((report) => [report.tool, report])).values()];
    const excess = newestOfTool.find(
      (report) => countOf(report, 'critical') > parameters.critical || countOf(report, 'high') > parameters.high,
    );
    if (excess)
      return say.fail('vulnerable', {
        image,
        tool: excess.tool,
        path: excess.path,
        critical: countOf(excess, 'critical'),
        high: countOf(excess, 'high'),
        allowedCritical: parameters.critical,
        allowedHigh: parameters.high,
      });
    const usable = reports.find((report) => report.whole && report.scannedAt !== undefined && report.scannedAt <= asOf);
    if (usable?.scannedAt === undefined) {
      const { path, scannedAt } = newest;
      if (!newest.whole) return say.unknown('not-whole', { image, path, problem: newest.problem ?? 'a part of it is missing' });
      return scannedAt === undefined
        ? say.unknown('undated', { image, path })
        : say.unknown('future', { image, path, scannedAt });
    }
    const { scannedAt } = usable;
    const until = addDays(scannedAt, parameters.maxAgeDays);
    if (until <= asOf) return { ...say.unknown('stale', { image, scannedAt, days: parameters.maxAgeDays }), reason: 'stale' };
    const data = { image, scannedAt, tool: usable.tool, critical: countOf(usable, 'critical'), high: countOf(usable, 'high') };
    return { ...say.pass('clean', data), until };
  },
});

const countOf = ({ vulnerabilities }: ImageScanData, severity: string): number =>
  Object.hasOwn(vulnerabilities, severity) ? (vulnerabilities[severity] ?? 0) : 0;
