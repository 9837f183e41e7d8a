// Generated from schemas/*.json by scripts/generate-validators.mjs. Do not edit.
'use strict';
export const capture = validate10;
const schema11 = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'capture.schema.json',
  title: 'Body of a capture cell',
  type: 'object',
  properties: {
    camera: { type: 'string', pattern: '\\S', description: 'Camera of the robot; absent: its first.' },
    cameras: {
      anyOf: [
        { const: 'all' },
        {
          type: 'array',
          items: { type: 'string', pattern: '\\S' },
          minItems: 1,
          maxItems: 16,
          uniqueItems: true,
        },
      ],
      description: 'Several cameras of the robot whose clouds are fused: their names, or "all".',
    },
    file: {
      type: 'string',
      pattern: '\\S',
      description: 'Point cloud beside the notebook, instead of a camera.',
    },
    voxel: {
      type: 'number',
      minimum: 0.0005,
      maximum: 0.1,
      description: 'Edge of the voxels that thin the cloud out [m].',
    },
    crop: {
      type: 'object',
      required: ['min', 'max'],
      description: 'Keep only what lies in this box, in frame base [m].',
      properties: { min: { $ref: '#/definitions/point' }, max: { $ref: '#/definitions/point' } },
    },
    keepRobot: { type: 'boolean', description: 'Keep the points that belong to the robot itself.' },
  },
  definitions: {
    point: {
      type: 'array',
      items: { type: 'number', minimum: -100, maximum: 100 },
      minItems: 3,
      maxItems: 3,
    },
  },
};
const schema12 = {
  type: 'array',
  items: { type: 'number', minimum: -100, maximum: 100 },
  minItems: 3,
  maxItems: 3,
};
const pattern0 = new RegExp('\\S', 'u');

function validate10(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  /*# sourceURL="capture.schema.json" */ let vErrors = null;
  let errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.camera !== undefined) {
      let data0 = data.camera;
      if (typeof data0 === 'string') {
        if (!pattern0.test(data0)) {
          const err0 = {
            instancePath: instancePath + '/camera',
            schemaPath: '#/properties/camera/pattern',
            keyword: 'pattern',
            params: { pattern: '\\S' },
            message: 'must match pattern "' + '\\S' + '"',
          };
          if (vErrors === null) {
            vErrors = [err0];
          } else {
            vErrors.push(err0);
          }
          errors++;
        }
      } else {
        const err1 = {
          instancePath: instancePath + '/camera',
          schemaPath: '#/properties/camera/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.cameras !== undefined) {
      let data1 = data.cameras;
      const _errs4 = errors;
      let valid1 = false;
      const _errs5 = errors;
      if ('all' !== data1) {
        const err2 = {
          instancePath: instancePath + '/cameras',
          schemaPath: '#/properties/cameras/anyOf/0/const',
          keyword: 'const',
          params: { allowedValue: 'all' },
          message: 'must be equal to constant',
        };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      var _valid0 = _errs5 === errors;
      valid1 = valid1 || _valid0;
      if (!valid1) {
        const _errs6 = errors;
        if (Array.isArray(data1)) {
          if (data1.length > 16) {
            const err3 = {
              instancePath: instancePath + '/cameras',
              schemaPath: '#/properties/cameras/anyOf/1/maxItems',
              keyword: 'maxItems',
              params: { limit: 16 },
              message: 'must NOT have more than 16 items',
            };
            if (vErrors === null) {
              vErrors = [err3];
            } else {
              vErrors.push(err3);
            }
            errors++;
          }
          if (data1.length < 1) {
            const err4 = {
              instancePath: instancePath + '/cameras',
              schemaPath: '#/properties/cameras/anyOf/1/minItems',
              keyword: 'minItems',
              params: { limit: 1 },
              message: 'must NOT have fewer than 1 items',
            };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
          const len0 = data1.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data2 = data1[i0];
            if (typeof data2 === 'string') {
              if (!pattern0.test(data2)) {
                const err5 = {
                  instancePath: instancePath + '/cameras/' + i0,
                  schemaPath: '#/properties/cameras/anyOf/1/items/pattern',
                  keyword: 'pattern',
                  params: { pattern: '\\S' },
                  message: 'must match pattern "' + '\\S' + '"',
                };
                if (vErrors === null) {
                  vErrors = [err5];
                } else {
                  vErrors.push(err5);
                }
                errors++;
              }
            } else {
              const err6 = {
                instancePath: instancePath + '/cameras/' + i0,
                schemaPath: '#/properties/cameras/anyOf/1/items/type',
                keyword: 'type',
                params: { type: 'string' },
                message: 'must be string',
              };
              if (vErrors === null) {
                vErrors = [err6];
              } else {
                vErrors.push(err6);
              }
              errors++;
            }
          }
          let i1 = data1.length;
          let j0;
          if (i1 > 1) {
            const indices0 = {};
            for (; i1--;) {
              let item0 = data1[i1];
              if (typeof item0 !== 'string') {
                continue;
              }
              if (typeof indices0[item0] == 'number') {
                j0 = indices0[item0];
                const err7 = {
                  instancePath: instancePath + '/cameras',
                  schemaPath: '#/properties/cameras/anyOf/1/uniqueItems',
                  keyword: 'uniqueItems',
                  params: { i: i1, j: j0 },
                  message: 'must NOT have duplicate items (items ## ' + j0 + ' and ' + i1 + ' are identical)',
                };
                if (vErrors === null) {
                  vErrors = [err7];
                } else {
                  vErrors.push(err7);
                }
                errors++;
                break;
              }
              indices0[item0] = i1;
            }
          }
        } else {
          const err8 = {
            instancePath: instancePath + '/cameras',
            schemaPath: '#/properties/cameras/anyOf/1/type',
            keyword: 'type',
            params: { type: 'array' },
            message: 'must be array',
          };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        var _valid0 = _errs6 === errors;
        valid1 = valid1 || _valid0;
      }
      if (!valid1) {
        const err9 = {
          instancePath: instancePath + '/cameras',
          schemaPath: '#/properties/cameras/anyOf',
          keyword: 'anyOf',
          params: {},
          message: 'must match a schema in anyOf',
        };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      } else {
        errors = _errs4;
        if (vErrors !== null) {
          if (_errs4) {
            vErrors.length = _errs4;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.file !== undefined) {
      let data3 = data.file;
      if (typeof data3 === 'string') {
        if (!pattern0.test(data3)) {
          const err10 = {
            instancePath: instancePath + '/file',
            schemaPath: '#/properties/file/pattern',
            keyword: 'pattern',
            params: { pattern: '\\S' },
            message: 'must match pattern "' + '\\S' + '"',
          };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
      } else {
        const err11 = {
          instancePath: instancePath + '/file',
          schemaPath: '#/properties/file/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
        };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.voxel !== undefined) {
      let data4 = data.voxel;
      if (typeof data4 == 'number' && isFinite(data4)) {
        if (data4 > 0.1 || isNaN(data4)) {
          const err12 = {
            instancePath: instancePath + '/voxel',
            schemaPath: '#/properties/voxel/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 0.1 },
            message: 'must be <= 0.1',
          };
          if (vErrors === null) {
            vErrors = [err12];
          } else {
            vErrors.push(err12);
          }
          errors++;
        }
        if (data4 < 0.0005 || isNaN(data4)) {
          const err13 = {
            instancePath: instancePath + '/voxel',
            schemaPath: '#/properties/voxel/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0.0005 },
            message: 'must be >= 0.0005',
          };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      } else {
        const err14 = {
          instancePath: instancePath + '/voxel',
          schemaPath: '#/properties/voxel/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.crop !== undefined) {
      let data5 = data.crop;
      if (data5 && typeof data5 == 'object' && !Array.isArray(data5)) {
        if (data5.min === undefined) {
          const err15 = {
            instancePath: instancePath + '/crop',
            schemaPath: '#/properties/crop/required',
            keyword: 'required',
            params: { missingProperty: 'min' },
            message: "must have required property '" + 'min' + "'",
          };
          if (vErrors === null) {
            vErrors = [err15];
          } else {
            vErrors.push(err15);
          }
          errors++;
        }
        if (data5.max === undefined) {
          const err16 = {
            instancePath: instancePath + '/crop',
            schemaPath: '#/properties/crop/required',
            keyword: 'required',
            params: { missingProperty: 'max' },
            message: "must have required property '" + 'max' + "'",
          };
          if (vErrors === null) {
            vErrors = [err16];
          } else {
            vErrors.push(err16);
          }
          errors++;
        }
        if (data5.min !== undefined) {
          let data6 = data5.min;
          if (Array.isArray(data6)) {
            if (data6.length > 3) {
              const err17 = {
                instancePath: instancePath + '/crop/min',
                schemaPath: '#/definitions/point/maxItems',
                keyword: 'maxItems',
                params: { limit: 3 },
                message: 'must NOT have more than 3 items',
              };
              if (vErrors === null) {
                vErrors = [err17];
              } else {
                vErrors.push(err17);
              }
              errors++;
            }
            if (data6.length < 3) {
              const err18 = {
                instancePath: instancePath + '/crop/min',
                schemaPath: '#/definitions/point/minItems',
                keyword: 'minItems',
                params: { limit: 3 },
                message: 'must NOT have fewer than 3 items',
              };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
            const len1 = data6.length;
            for (let i2 = 0; i2 < len1; i2++) {
              let data7 = data6[i2];
              if (typeof data7 == 'number' && isFinite(data7)) {
                if (data7 > 100 || isNaN(data7)) {
                  const err19 = {
                    instancePath: instancePath + '/crop/min/' + i2,
                    schemaPath: '#/definitions/point/items/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 100 },
                    message: 'must be <= 100',
                  };
                  if (vErrors === null) {
                    vErrors = [err19];
                  } else {
                    vErrors.push(err19);
                  }
                  errors++;
                }
                if (data7 < -100 || isNaN(data7)) {
                  const err20 = {
                    instancePath: instancePath + '/crop/min/' + i2,
                    schemaPath: '#/definitions/point/items/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -100 },
                    message: 'must be >= -100',
                  };
                  if (vErrors === null) {
                    vErrors = [err20];
                  } else {
                    vErrors.push(err20);
                  }
                  errors++;
                }
              } else {
                const err21 = {
                  instancePath: instancePath + '/crop/min/' + i2,
                  schemaPath: '#/definitions/point/items/type',
                  keyword: 'type',
                  params: { type: 'number' },
                  message: 'must be number',
                };
                if (vErrors === null) {
                  vErrors = [err21];
                } else {
                  vErrors.push(err21);
                }
                errors++;
              }
            }
          } else {
            const err22 = {
              instancePath: instancePath + '/crop/min',
              schemaPath: '#/definitions/point/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
            };
            if (vErrors === null) {
              vErrors = [err22];
            } else {
              vErrors.push(err22);
            }
            errors++;
          }
        }
        if (data5.max !== undefined) {
          let data8 = data5.max;
          if (Array.isArray(data8)) {
            if (data8.length > 3) {
              const err23 = {
                instancePath: instancePath + '/crop/max',
                schemaPath: '#/definitions/point/maxItems',
                keyword: 'maxItems',
                params: { limit: 3 },
                message: 'must NOT have more than 3 items',
              };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
            if (data8.length < 3) {
              const err24 = {
                instancePath: instancePath + '/crop/max',
                schemaPath: '#/definitions/point/minItems',
                keyword: 'minItems',
                params: { limit: 3 },
                message: 'must NOT have fewer than 3 items',
              };
              if (vErrors === null) {
                vErrors = [err24];
              } else {
                vErrors.push(err24);
              }
              errors++;
            }
            const len2 = data8.length;
            for (let i3 = 0; i3 < len2; i3++) {
              let data9 = data8[i3];
              if (typeof data9 == 'number' && isFinite(data9)) {
                if (data9 > 100 || isNaN(data9)) {
                  const err25 = {
                    instancePath: instancePath + '/crop/max/' + i3,
                    schemaPath: '#/definitions/point/items/maximum',
                    keyword: 'maximum',
                    params: { comparison: '<=', limit: 100 },
                    message: 'must be <= 100',
                  };
                  if (vErrors === null) {
                    vErrors = [err25];
                  } else {
                    vErrors.push(err25);
                  }
                  errors++;
                }
                if (data9 < -100 || isNaN(data9)) {
                  const err26 = {
                    instancePath: instancePath + '/crop/max/' + i3,
                    schemaPath: '#/definitions/point/items/minimum',
                    keyword: 'minimum',
                    params: { comparison: '>=', limit: -100 },
                    message: 'must be >= -100',
                  };
                  if (vErrors === null) {
                    vErrors = [err26];
                  } else {
                    vErrors.push(err26);
                  }
                  errors++;
                }
              } else {
                const err27 = {
                  instancePath: instancePath + '/crop/max/' + i3,
                  schemaPath: '#/definitions/point/items/type',
                  keyword: 'type',
                  params: { type: 'number' },
                  message: 'must be number',
                };
                if (vErrors === null) {
                  vErrors = [err27];
                } else {
                  vErrors.push(err27);
                }
                errors++;
              }
            }
          } else {
            const err28 = {
              instancePath: instancePath + '/crop/max',
              schemaPath: '#/definitions/point/type',
              keyword: 'type',
              params: { type: 'array' },
              message: 'must be array',
            };
            if (vErrors === null) {
              vErrors = [err28];
            } else {
              vErrors.push(err28);
            }
            errors++;
          }
        }
      } else {
        const err29 = {
          instancePath: instancePath + '/crop',
          schemaPath: '#/properties/crop/type',
          keyword: 'type',
          params: { type: 'object' },
          message: 'must be object',
        };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
    if (data.keepRobot !== undefined) {
      if (typeof data.keepRobot !== 'boolean') {
        const err30 = {
          instancePath: instancePath + '/keepRobot',
          schemaPath: '#/properties/keepRobot/type',
          keyword: 'type',
          params: { type: 'boolean' },
          message: 'must be boolean',
        };
        if (vErrors === null) {
          vErrors = [err30];
        } else {
          vErrors.push(err30);
        }
        errors++;
      }
    }
  } else {
    const err31 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
    };
    if (vErrors === null) {
      vErrors = [err31];
    } else {
      vErrors.push(err31);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}

export const waypoints = validate11;
const schema14 = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'waypoints.schema.json',
  title: 'Body of a waypoints cell',
  type: 'object',
  required: ['waypoints'],
  properties: {
    frame: { $ref: '#/definitions/frame' },
    waypoints: { type: 'array', minItems: 1, maxItems: 500, items: { $ref: '#/definitions/waypoint' } },
    refiner: {
      enum: ['expert', 'spline', 'snap'],
      description: "Who refines; absent: the notebook's or the default.",
    },
  },
  definitions: {
    frame: {
      description: 'Frame of the positions: "base", or an object found in the capture.',
      anyOf: [
        { const: 'base' },
        { type: 'object', required: ['object'], properties: { object: { type: 'string', pattern: '\\S' } } },
      ],
    },
    waypoint: {
      type: 'object',
      required: ['position'],
      properties: {
        label: { type: 'string', description: 'What people call it; absent: "waypoint N".' },
        position: {
          type: 'array',
          items: { type: 'number', minimum: -10, maximum: 10 },
          minItems: 3,
          maxItems: 3,
          description: 'Fingertip centre [m].',
        },
        orientation: {
          type: 'array',
          items: { type: 'number', minimum: -1.01, maximum: 1.01 },
          minItems: 4,
          maxItems: 4,
          description: 'Unit quaternion x, y, z, w of the tool; absent: straight down, [1, 0, 0, 0].',
        },
        gripper: {
          type: 'number',
          minimum: 0,
          maximum: 1,
          description: '0 closed to 1 open; absent: as at the waypoint before, open at the first.',
        },
        radius: {
          type: 'number',
          minimum: 0,
          maximum: 0.5,
          description: 'How far refinement may move it [m]; absent: 0.02.',
        },
        frame: { $ref: '#/definitions/frame' },
      },
    },
  },
};
const schema15 = {
  description: 'Frame of the positions: "base", or an object found in the capture.',
  anyOf: [
    { const: 'base' },
    { type: 'object', required: ['object'], properties: { object: { type: 'string', pattern: '\\S' } } },
  ],
};
const schema16 = {
  type: 'object',
  required: ['position'],
  properties: {
    label: { type: 'string', description: 'What people call it; absent: "waypoint N".' },
    position: {
      type: 'array',
      items: { type: 'number', minimum: -10, maximum: 10 },
      minItems: 3,
      maxItems: 3,
      description: 'Fingertip centre [m].',
    },
    orientation: {
      type: 'array',
      items: { type: 'number', minimum: -1.01, maximum: 1.01 },
      minItems: 4,
      maxItems: 4,
      description: 'Unit quaternion x, y, z, w of the tool; absent: straight down, [1, 0, 0, 0].',
    },
    gripper: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: '0 closed to 1 open; absent: as at the waypoint before, open at the first.',
    },
    radius: {
      type: 'number',
      minimum: 0,
      maximum: 0.5,
      description: 'How far refinement may move it [m]; absent: 0.02.',
    },
    frame: { $ref: '#/definitions/frame' },
  },
};

function validate12(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.position === undefined) {
      const err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'position' },
        message: "must have required property '" + 'position' + "'",
      };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.label !== undefined) {
      if (typeof data.label !== 'string') {
        const err1 = {
          instancePath: instancePath + '/label',
          schemaPath: '#/properties/label/type',
          keyword: 'type',
          params: { type: 'string' },
          message: 'must be string',
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.position !== undefined) {
      let data1 = data.position;
      if (Array.isArray(data1)) {
        if (data1.length > 3) {
          const err2 = {
            instancePath: instancePath + '/position',
            schemaPath: '#/properties/position/maxItems',
            keyword: 'maxItems',
            params: { limit: 3 },
            message: 'must NOT have more than 3 items',
          };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        if (data1.length < 3) {
          const err3 = {
            instancePath: instancePath + '/position',
            schemaPath: '#/properties/position/minItems',
            keyword: 'minItems',
            params: { limit: 3 },
            message: 'must NOT have fewer than 3 items',
          };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 == 'number' && isFinite(data2)) {
            if (data2 > 10 || isNaN(data2)) {
              const err4 = {
                instancePath: instancePath + '/position/' + i0,
                schemaPath: '#/properties/position/items/maximum',
                keyword: 'maximum',
                params: { comparison: '<=', limit: 10 },
                message: 'must be <= 10',
              };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
            if (data2 < -10 || isNaN(data2)) {
              const err5 = {
                instancePath: instancePath + '/position/' + i0,
                schemaPath: '#/properties/position/items/minimum',
                keyword: 'minimum',
                params: { comparison: '>=', limit: -10 },
                message: 'must be >= -10',
              };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
          } else {
            const err6 = {
              instancePath: instancePath + '/position/' + i0,
              schemaPath: '#/properties/position/items/type',
              keyword: 'type',
              params: { type: 'number' },
              message: 'must be number',
            };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
      } else {
        const err7 = {
          instancePath: instancePath + '/position',
          schemaPath: '#/properties/position/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
        };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.orientation !== undefined) {
      let data3 = data.orientation;
      if (Array.isArray(data3)) {
        if (data3.length > 4) {
          const err8 = {
            instancePath: instancePath + '/orientation',
            schemaPath: '#/properties/orientation/maxItems',
            keyword: 'maxItems',
            params: { limit: 4 },
            message: 'must NOT have more than 4 items',
          };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        if (data3.length < 4) {
          const err9 = {
            instancePath: instancePath + '/orientation',
            schemaPath: '#/properties/orientation/minItems',
            keyword: 'minItems',
            params: { limit: 4 },
            message: 'must NOT have fewer than 4 items',
          };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        const len1 = data3.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data4 = data3[i1];
          if (typeof data4 == 'number' && isFinite(data4)) {
            if (data4 > 1.01 || isNaN(data4)) {
              const err10 = {
                instancePath: instancePath + '/orientation/' + i1,
                schemaPath: '#/properties/orientation/items/maximum',
                keyword: 'maximum',
                params: { comparison: '<=', limit: 1.01 },
                message: 'must be <= 1.01',
              };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            }
            if (data4 < -1.01 || isNaN(data4)) {
              const err11 = {
                instancePath: instancePath + '/orientation/' + i1,
                schemaPath: '#/properties/orientation/items/minimum',
                keyword: 'minimum',
                params: { comparison: '>=', limit: -1.01 },
                message: 'must be >= -1.01',
              };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
            }
          } else {
            const err12 = {
              instancePath: instancePath + '/orientation/' + i1,
              schemaPath: '#/properties/orientation/items/type',
              keyword: 'type',
              params: { type: 'number' },
              message: 'must be number',
            };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
      } else {
        const err13 = {
          instancePath: instancePath + '/orientation',
          schemaPath: '#/properties/orientation/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
        };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
    if (data.gripper !== undefined) {
      let data5 = data.gripper;
      if (typeof data5 == 'number' && isFinite(data5)) {
        if (data5 > 1 || isNaN(data5)) {
          const err14 = {
            instancePath: instancePath + '/gripper',
            schemaPath: '#/properties/gripper/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1 },
            message: 'must be <= 1',
          };
          if (vErrors === null) {
            vErrors = [err14];
          } else {
            vErrors.push(err14);
          }
          errors++;
        }
        if (data5 < 0 || isNaN(data5)) {
          const err15 = {
            instancePath: instancePath + '/gripper',
            schemaPath: '#/properties/gripper/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
          };
          if (vErrors === null) {
            vErrors = [err15];
          } else {
            vErrors.push(err15);
          }
          errors++;
        }
      } else {
        const err16 = {
          instancePath: instancePath + '/gripper',
          schemaPath: '#/properties/gripper/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.radius !== undefined) {
      let data6 = data.radius;
      if (typeof data6 == 'number' && isFinite(data6)) {
        if (data6 > 0.5 || isNaN(data6)) {
          const err17 = {
            instancePath: instancePath + '/radius',
            schemaPath: '#/properties/radius/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 0.5 },
            message: 'must be <= 0.5',
          };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
        if (data6 < 0 || isNaN(data6)) {
          const err18 = {
            instancePath: instancePath + '/radius',
            schemaPath: '#/properties/radius/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0 },
            message: 'must be >= 0',
          };
          if (vErrors === null) {
            vErrors = [err18];
          } else {
            vErrors.push(err18);
          }
          errors++;
        }
      } else {
        const err19 = {
          instancePath: instancePath + '/radius',
          schemaPath: '#/properties/radius/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data.frame !== undefined) {
      let data7 = data.frame;
      const _errs17 = errors;
      let valid6 = false;
      const _errs18 = errors;
      if ('base' !== data7) {
        const err20 = {
          instancePath: instancePath + '/frame',
          schemaPath: '#/definitions/frame/anyOf/0/const',
          keyword: 'const',
          params: { allowedValue: 'base' },
          message: 'must be equal to constant',
        };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
      var _valid0 = _errs18 === errors;
      valid6 = valid6 || _valid0;
      if (!valid6) {
        const _errs19 = errors;
        if (data7 && typeof data7 == 'object' && !Array.isArray(data7)) {
          if (data7.object === undefined) {
            const err21 = {
              instancePath: instancePath + '/frame',
              schemaPath: '#/definitions/frame/anyOf/1/required',
              keyword: 'required',
              params: { missingProperty: 'object' },
              message: "must have required property '" + 'object' + "'",
            };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
          if (data7.object !== undefined) {
            let data8 = data7.object;
            if (typeof data8 === 'string') {
              if (!pattern0.test(data8)) {
                const err22 = {
                  instancePath: instancePath + '/frame/object',
                  schemaPath: '#/definitions/frame/anyOf/1/properties/object/pattern',
                  keyword: 'pattern',
                  params: { pattern: '\\S' },
                  message: 'must match pattern "' + '\\S' + '"',
                };
                if (vErrors === null) {
                  vErrors = [err22];
                } else {
                  vErrors.push(err22);
                }
                errors++;
              }
            } else {
              const err23 = {
                instancePath: instancePath + '/frame/object',
                schemaPath: '#/definitions/frame/anyOf/1/properties/object/type',
                keyword: 'type',
                params: { type: 'string' },
                message: 'must be string',
              };
              if (vErrors === null) {
                vErrors = [err23];
              } else {
                vErrors.push(err23);
              }
              errors++;
            }
          }
        } else {
          const err24 = {
            instancePath: instancePath + '/frame',
            schemaPath: '#/definitions/frame/anyOf/1/type',
            keyword: 'type',
            params: { type: 'object' },
            message: 'must be object',
          };
          if (vErrors === null) {
            vErrors = [err24];
          } else {
            vErrors.push(err24);
          }
          errors++;
        }
        var _valid0 = _errs19 === errors;
        valid6 = valid6 || _valid0;
      }
      if (!valid6) {
        const err25 = {
          instancePath: instancePath + '/frame',
          schemaPath: '#/definitions/frame/anyOf',
          keyword: 'anyOf',
          params: {},
          message: 'must match a schema in anyOf',
        };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      } else {
        errors = _errs17;
        if (vErrors !== null) {
          if (_errs17) {
            vErrors.length = _errs17;
          } else {
            vErrors = null;
          }
        }
      }
    }
  } else {
    const err26 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
    };
    if (vErrors === null) {
      vErrors = [err26];
    } else {
      vErrors.push(err26);
    }
    errors++;
  }
  validate12.errors = vErrors;
  return errors === 0;
}

function validate11(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  /*# sourceURL="waypoints.schema.json" */ let vErrors = null;
  let errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.waypoints === undefined) {
      const err0 = {
        instancePath,
        schemaPath: '#/required',
        keyword: 'required',
        params: { missingProperty: 'waypoints' },
        message: "must have required property '" + 'waypoints' + "'",
      };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.frame !== undefined) {
      let data0 = data.frame;
      const _errs3 = errors;
      let valid2 = false;
      const _errs4 = errors;
      if ('base' !== data0) {
        const err1 = {
          instancePath: instancePath + '/frame',
          schemaPath: '#/definitions/frame/anyOf/0/const',
          keyword: 'const',
          params: { allowedValue: 'base' },
          message: 'must be equal to constant',
        };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
      var _valid0 = _errs4 === errors;
      valid2 = valid2 || _valid0;
      if (!valid2) {
        const _errs5 = errors;
        if (data0 && typeof data0 == 'object' && !Array.isArray(data0)) {
          if (data0.object === undefined) {
            const err2 = {
              instancePath: instancePath + '/frame',
              schemaPath: '#/definitions/frame/anyOf/1/required',
              keyword: 'required',
              params: { missingProperty: 'object' },
              message: "must have required property '" + 'object' + "'",
            };
            if (vErrors === null) {
              vErrors = [err2];
            } else {
              vErrors.push(err2);
            }
            errors++;
          }
          if (data0.object !== undefined) {
            let data1 = data0.object;
            if (typeof data1 === 'string') {
              if (!pattern0.test(data1)) {
                const err3 = {
                  instancePath: instancePath + '/frame/object',
                  schemaPath: '#/definitions/frame/anyOf/1/properties/object/pattern',
                  keyword: 'pattern',
                  params: { pattern: '\\S' },
                  message: 'must match pattern "' + '\\S' + '"',
                };
                if (vErrors === null) {
                  vErrors = [err3];
                } else {
                  vErrors.push(err3);
                }
                errors++;
              }
            } else {
              const err4 = {
                instancePath: instancePath + '/frame/object',
                schemaPath: '#/definitions/frame/anyOf/1/properties/object/type',
                keyword: 'type',
                params: { type: 'string' },
                message: 'must be string',
              };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
          }
        } else {
          const err5 = {
            instancePath: instancePath + '/frame',
            schemaPath: '#/definitions/frame/anyOf/1/type',
            keyword: 'type',
            params: { type: 'object' },
            message: 'must be object',
          };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
        var _valid0 = _errs5 === errors;
        valid2 = valid2 || _valid0;
      }
      if (!valid2) {
        const err6 = {
          instancePath: instancePath + '/frame',
          schemaPath: '#/definitions/frame/anyOf',
          keyword: 'anyOf',
          params: {},
          message: 'must match a schema in anyOf',
        };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      } else {
        errors = _errs3;
        if (vErrors !== null) {
          if (_errs3) {
            vErrors.length = _errs3;
          } else {
            vErrors = null;
          }
        }
      }
    }
    if (data.waypoints !== undefined) {
      let data2 = data.waypoints;
      if (Array.isArray(data2)) {
        if (data2.length > 500) {
          const err7 = {
            instancePath: instancePath + '/waypoints',
            schemaPath: '#/properties/waypoints/maxItems',
            keyword: 'maxItems',
            params: { limit: 500 },
            message: 'must NOT have more than 500 items',
          };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
        if (data2.length < 1) {
          const err8 = {
            instancePath: instancePath + '/waypoints',
            schemaPath: '#/properties/waypoints/minItems',
            keyword: 'minItems',
            params: { limit: 1 },
            message: 'must NOT have fewer than 1 items',
          };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        const len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (
            !validate12(data2[i0], {
              instancePath: instancePath + '/waypoints/' + i0,
              parentData: data2,
              parentDataProperty: i0,
              rootData,
            })
          ) {
            vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err9 = {
          instancePath: instancePath + '/waypoints',
          schemaPath: '#/properties/waypoints/type',
          keyword: 'type',
          params: { type: 'array' },
          message: 'must be array',
        };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.refiner !== undefined) {
      let data4 = data.refiner;
      if (!(data4 === 'expert' || data4 === 'spline' || data4 === 'snap')) {
        const err10 = {
          instancePath: instancePath + '/refiner',
          schemaPath: '#/properties/refiner/enum',
          keyword: 'enum',
          params: { allowedValues: schema14.properties.refiner.enum },
          message: 'must be equal to one of the allowed values',
        };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
  } else {
    const err11 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
    };
    if (vErrors === null) {
      vErrors = [err11];
    } else {
      vErrors.push(err11);
    }
    errors++;
  }
  validate11.errors = vErrors;
  return errors === 0;
}

export const execute = validate14;
const schema18 = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'execute.schema.json',
  title: 'Body of an execute cell',
  type: 'object',
  properties: {
    speed: { type: 'number', minimum: 0.01, maximum: 1, description: 'Fraction of full speed; absent: 0.5.' },
    closedLoop: { type: 'boolean', description: 'Look and refine again while moving.' },
    rateHz: {
      type: 'number',
      minimum: 0.1,
      maximum: 30,
      description: 'How often, when closedLoop [Hz]; absent: 5.',
    },
    tube: {
      type: 'number',
      minimum: 0.005,
      maximum: 0.2,
      description: 'How far a closed-loop correction may leave the approved path [m]; absent: 0.02.',
    },
    deadline: { type: 'number', minimum: 0.1, maximum: 3600, description: 'Give up after this long [s].' },
  },
};

function validate14(data, { instancePath = '', parentData, parentDataProperty, rootData = data } = {}) {
  /*# sourceURL="execute.schema.json" */ let vErrors = null;
  let errors = 0;
  if (data && typeof data == 'object' && !Array.isArray(data)) {
    if (data.speed !== undefined) {
      let data0 = data.speed;
      if (typeof data0 == 'number' && isFinite(data0)) {
        if (data0 > 1 || isNaN(data0)) {
          const err0 = {
            instancePath: instancePath + '/speed',
            schemaPath: '#/properties/speed/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 1 },
            message: 'must be <= 1',
          };
          if (vErrors === null) {
            vErrors = [err0];
          } else {
            vErrors.push(err0);
          }
          errors++;
        }
        if (data0 < 0.01 || isNaN(data0)) {
          const err1 = {
            instancePath: instancePath + '/speed',
            schemaPath: '#/properties/speed/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0.01 },
            message: 'must be >= 0.01',
          };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = {
          instancePath: instancePath + '/speed',
          schemaPath: '#/properties/speed/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.closedLoop !== undefined) {
      if (typeof data.closedLoop !== 'boolean') {
        const err3 = {
          instancePath: instancePath + '/closedLoop',
          schemaPath: '#/properties/closedLoop/type',
          keyword: 'type',
          params: { type: 'boolean' },
          message: 'must be boolean',
        };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.rateHz !== undefined) {
      let data2 = data.rateHz;
      if (typeof data2 == 'number' && isFinite(data2)) {
        if (data2 > 30 || isNaN(data2)) {
          const err4 = {
            instancePath: instancePath + '/rateHz',
            schemaPath: '#/properties/rateHz/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 30 },
            message: 'must be <= 30',
          };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        if (data2 < 0.1 || isNaN(data2)) {
          const err5 = {
            instancePath: instancePath + '/rateHz',
            schemaPath: '#/properties/rateHz/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0.1 },
            message: 'must be >= 0.1',
          };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = {
          instancePath: instancePath + '/rateHz',
          schemaPath: '#/properties/rateHz/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.tube !== undefined) {
      let data3 = data.tube;
      if (typeof data3 == 'number' && isFinite(data3)) {
        if (data3 > 0.2 || isNaN(data3)) {
          const err7 = {
            instancePath: instancePath + '/tube',
            schemaPath: '#/properties/tube/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 0.2 },
            message: 'must be <= 0.2',
          };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
        if (data3 < 0.005 || isNaN(data3)) {
          const err8 = {
            instancePath: instancePath + '/tube',
            schemaPath: '#/properties/tube/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0.005 },
            message: 'must be >= 0.005',
          };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
      } else {
        const err9 = {
          instancePath: instancePath + '/tube',
          schemaPath: '#/properties/tube/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.deadline !== undefined) {
      let data4 = data.deadline;
      if (typeof data4 == 'number' && isFinite(data4)) {
        if (data4 > 3600 || isNaN(data4)) {
          const err10 = {
            instancePath: instancePath + '/deadline',
            schemaPath: '#/properties/deadline/maximum',
            keyword: 'maximum',
            params: { comparison: '<=', limit: 3600 },
            message: 'must be <= 3600',
          };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
        if (data4 < 0.1 || isNaN(data4)) {
          const err11 = {
            instancePath: instancePath + '/deadline',
            schemaPath: '#/properties/deadline/minimum',
            keyword: 'minimum',
            params: { comparison: '>=', limit: 0.1 },
            message: 'must be >= 0.1',
          };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      } else {
        const err12 = {
          instancePath: instancePath + '/deadline',
          schemaPath: '#/properties/deadline/type',
          keyword: 'type',
          params: { type: 'number' },
          message: 'must be number',
        };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
  } else {
    const err13 = {
      instancePath,
      schemaPath: '#/type',
      keyword: 'type',
      params: { type: 'object' },
      message: 'must be object',
    };
    if (vErrors === null) {
      vErrors = [err13];
    } else {
      vErrors.push(err13);
    }
    errors++;
  }
  validate14.errors = vErrors;
  return errors === 0;
}
