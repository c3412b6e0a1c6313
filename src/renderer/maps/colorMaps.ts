export * from '../../shared/colorMaps.ts';
